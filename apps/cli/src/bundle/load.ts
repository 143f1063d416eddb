import { stat } from 'node:fs/promises';
import type { ErrorDetail } from '@millrace/kernel';
import { DomainError } from '@millrace/kernel';
import { type Bundle, type BundleCheck, checkBundle, readFolder } from '@millrace/pipelines/compile';
import { Failure } from '../failure.js';
import { atSource, emit, type EmittedPipeline, findPipelineFiles, withDefinitions } from '../rehearse/emit/emit.js';
import type { ReadSource } from './problems.js';

/** A folder as it is checked and pushed. */
export interface LoadedFolder {
  /** The files, with the definitions of pipelines that are written in TypeScript. */
  readonly bundle: Bundle;
  /** What kept files in TypeScript from becoming definitions. */
  readonly problems: readonly ErrorDetail[];
  readonly emitted: readonly EmittedPipeline[];
  readonly read: ReadSource;
}

/** Reads the bundle of a folder; refuses a folder that is none, or that cannot be a bundle. */
export async function loadFolder(folder: string): Promise<LoadedFolder> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) {
    throw new Failure('notFound', `there is no folder ${folder}`, { code: 'cli.no_folder' });
  }
  const bundle = await readFolder(folder).catch((error: unknown) => {
    throw refused(error);
  });
  // What is left out of the bundle is not evaluated either.
  const files = (await findPipelineFiles(folder)).filter((file) => bundle.files.has(file));
  const { pipelines, problems } = await emit(folder, files);
  return {
    bundle: withDefinitions(bundle, pipelines),
    problems,
    emitted: pipelines,
    read: (file) => bundle.files.get(file)?.toString('utf8'),
  };
}

/** All the checks that a deployment makes, on this computer; problems are at their places in the folder. */
export async function check(loaded: LoadedFolder): Promise<Pick<BundleCheck, 'problems' | 'pipelines'>> {
  // What could not be evaluated would be missed below, and that is no mistake of its own.
  if (loaded.problems.length > 0) return { problems: loaded.problems, pipelines: [] };
  const { problems, pipelines } = await checkBundle(loaded.bundle);
  return { problems: atSource(problems, loaded.emitted), pipelines };
}

/** A refusal of the library in the words of the command line. */
function refused(error: unknown): unknown {
  if (!(error instanceof DomainError)) return error;
  const { code, message, details } = error;
  return new Failure('invalid', message, { code, errors: details });
}
