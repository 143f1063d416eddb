import { DomainError, type ErrorDetail } from '@millrace/kernel';
import type { Bundle, BundleFiles } from '../bundle/bundle.js';
import { readFolder } from '../bundle/read-folder.js';
import { type BundleDependencies, findDependencies } from '../dependencies.js';
import type { PoolFacts } from '../format/check-fields.js';
import { compileBundle } from './compile-bundle.js';
import { compileRequest } from './compile-request.js';
import type { CompiledPipeline } from './compiled-pipeline.js';

export interface CheckOptions {
  /** Pools of the environment that the bundle is for; where they are not known, nothing is said about pools. */
  readonly pools?: readonly PoolFacts[];
}

/** What a check of a bundle found; everything but the problems is good only where there are none. */
export interface BundleCheck {
  readonly problems: readonly ErrorDetail[];
  readonly pipelines: readonly CompiledPipeline[];
  /** The files as pushed, with the compiled code beside them: what is mounted when a task runs. */
  readonly files: BundleFiles;
  readonly dependencies: BundleDependencies;
}

/**
 * The same checks as a deployment makes, in this process: the caller trusts the bundle not to be hostile. Everything that
 * is wrong with it is in `problems`; nothing of it is thrown.
 */
export async function checkBundle(bundle: Bundle, options: CheckOptions = {}): Promise<BundleCheck> {
  const dependencies = findDependencies(bundle.files, platform);
  const refused = (problems: readonly ErrorDetail[]): BundleCheck => ({
    problems: [...dependencies.problems, ...problems],
    pipelines: [],
    files: bundle.files,
    dependencies,
  });
  try {
    const { pipelines, compiled, problems } = await compileBundle(
      compileRequest(bundle, dependencies.packages, options),
    );
    if (problems.length > 0) return { ...refused(problems), pipelines };
    const files = new Map(bundle.files);
    for (const [path, bytes] of compiled) files.set(path, Buffer.from(bytes));
    return { problems: dependencies.problems, pipelines, files, dependencies };
  } catch (error) {
    return refused(detailsOf(error));
  }
}

/** As `checkBundle`, of a folder on the disk; a folder that cannot be read at all is thrown. */
export async function checkFolder(folder: string, options: CheckOptions = {}): Promise<BundleCheck> {
  try {
    return await checkBundle(await readFolder(folder), options);
  } catch (error) {
    const problems = detailsOf(error);
    return { problems, pipelines: [], files: new Map(), dependencies: { sets: [], packages: [], problems: [] } };
  }
}

/** Digests of dependency sets differ by platform; here they only say whether there are any. */
const platform = 'local';

function detailsOf(error: unknown): readonly ErrorDetail[] {
  if (!(error instanceof DomainError)) throw error;
  const { code, message, details } = error;
  return details.length > 0 ? details : [{ code, message }];
}
