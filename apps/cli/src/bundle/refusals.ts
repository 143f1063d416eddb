import { ApiError } from '@millrace/clients';
import type { ErrorDetail } from '@millrace/kernel';
import { Failure, Silent } from '../failure.js';
import { atSource } from '../rehearse/emit/emit.js';
import { count } from '../terminal/format.js';
import type { Output } from '../terminal/output.js';
import type { LoadedFolder } from './load.js';
import { printProblems } from './problems.js';

/** Shows the mistakes of a refused bundle with the source. */
export async function told<T>(output: Output, loaded: LoadedFolder, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 422 || error.problem.errors === undefined) throw error;
    const errors = error.problem.errors.map((place) => ({
      ...place,
      code: place.code ?? '',
      message: place.message ?? '',
    }));
    if (errors.length === 0) throw error;
    throw mistakes(output, loaded, atSource(errors, loaded.emitted), error);
  }
}

/** The end of a push of a bundle that is wrong. */
export function mistakes(
  output: Output,
  loaded: LoadedFolder,
  errors: readonly ErrorDetail[],
  cause?: ApiError,
): Error {
  if (output.json || output.quiet) {
    const { code = 'deployment.invalid', requestId } = cause?.problem ?? {};
    const message = `the bundle has ${count(errors.length, 'mistake')}, nothing was deployed`;
    return new Failure('invalid', message, { code, errors, ...(requestId === undefined ? {} : { requestId }) });
  }
  printProblems(output, errors, loaded.read);
  return new Silent('invalid');
}
