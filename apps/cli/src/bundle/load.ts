import { stat } from 'node:fs/promises';
import { type Bundle, type BundleCheck, checkBundle, readFolder } from '@millrace/pipelines/compile';
import { DomainError } from '@millrace/kernel';
import { Failure } from '../failure.js';
import type { ReadSource } from './problems.js';

/** A folder as it is checked and pushed. */
export interface LoadedFolder {
  readonly bundle: Bundle;
  readonly read: ReadSource;
}

/** Reads the bundle of a folder; refuses a folder that is none, or that cannot be a bundle. */
export async function loadFolder(folder: string): Promise<LoadedFolder> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) {
    throw new Failure('notFound', `there is no folder ${folder}`, { code: 'cli.no_folder' });
  }
  try {
    const bundle = await readFolder(folder);
    return { bundle, read: (file) => bundle.files.get(file)?.toString('utf8') };
  } catch (error) {
    throw refused(error);
  }
}

/** All the checks that a deployment makes, on this computer. */
export function check({ bundle }: LoadedFolder): Promise<BundleCheck> {
  return checkBundle(bundle);
}

/** A refusal of the library in the words of the command line. */
function refused(error: unknown): unknown {
  if (!(error instanceof DomainError)) return error;
  const { code, message, details } = error;
  return new Failure('invalid', message, { code, errors: details });
}
