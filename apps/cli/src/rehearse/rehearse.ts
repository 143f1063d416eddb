import { readdir } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { DomainError, type ErrorDetail, type Json } from '@millrace/kernel';
import { type BundleCheck, checkBundle, type CompiledPipeline, readFolder } from '@millrace/pipelines/compile';
import { atSource, emit, findPipelineFiles, withDefinitions } from './emit/emit.js';
import { Rehearsal } from './engine/rehearsal.js';
import type { RehearsedRun } from './engine/result.js';
import { RealTasks } from './real/real-tasks.js';
import { behavioursOf } from './suite/behaviours.js';
import { checkExpectations, type Finding } from './suite/expectations.js';
import { readRecorded } from './suite/recorded.js';
import { readTestFile, type TestCase, type TestFile } from './suite/test-file.js';

export interface RehearseOptions {
  /** Folder of the bundle. */
  readonly folder: string;
  /** Test files, relative to the folder or absolute; every `*.test.yaml` of the folder where they are left out. */
  readonly files?: readonly string[];
  /** Only cases whose name holds this text. */
  readonly name?: string;
  /** Told of each case as it ends. */
  readonly onCase?: (result: CaseResult) => void;
}

/** How one case went; without findings and error it passed. */
export interface CaseResult {
  /** Relative to the folder. */
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly pipeline: string;
  readonly findings: readonly Finding[];
  /** Why the case could not be carried out. */
  readonly error?: ErrorDetail;
  /** Absent where there was an error. */
  readonly run?: RehearsedRun;
  /** Real time. */
  readonly ms: number;
}

export interface RehearseResult {
  /** True where every case passed, and there was one. */
  readonly ok: boolean;
  /** What is wrong with the bundle or the test files, at its place; then nothing ran. */
  readonly problems: readonly ErrorDetail[];
  readonly cases: readonly CaseResult[];
  /** Real time, everything included. */
  readonly ms: number;
}

const testFileName = /\.test\.ya?ml$/;

/** Rehearses the cases of a folder's test files: no platform, no account, no server. */
export async function rehearse(options: RehearseOptions): Promise<RehearseResult> {
  const startedAt = performance.now();
  const folder = resolve(options.folder);
  const finish = (problems: readonly ErrorDetail[], cases: readonly CaseResult[]): RehearseResult => ({
    ok: problems.length === 0 && cases.length > 0 && cases.every(passed),
    problems,
    cases,
    ms: performance.now() - startedAt,
  });
  const paths = await testFiles(folder, options.files);
  const [check, ...files] = await Promise.all([
    compileFolder(folder),
    ...paths.map((path) => readTestFile(folder, path)),
  ]);
  const problems = [...check.problems, ...files.flatMap((file) => file.problems)];
  if (problems.length > 0) return finish(problems, []);
  const cases: CaseResult[] = [];
  const real = new RealTasks(folder, check.files);
  try {
    for (const file of files) {
      for (const test of file.cases.filter(({ name }) => name.includes(options.name ?? ''))) {
        const result = await rehearseCase(folder, file, test, check.pipelines, real);
        cases.push(result);
        options.onCase?.(result);
      }
    }
  } finally {
    await real.close();
  }
  return finish([], cases);
}

/** True where a case did all that it should. */
export function passed({ findings, error }: CaseResult): boolean {
  return findings.length === 0 && error === undefined;
}

/** Compiles the folder, with the pipelines that it defines in TypeScript; problems are at the place where they were written. */
export async function compileFolder(folder: string): Promise<BundleCheck> {
  const bundle = await readFolder(folder);
  // What is left out of the bundle is not evaluated either.
  const files = (await findPipelineFiles(folder)).filter((file) => bundle.files.has(file));
  const emission = await emit(folder, files);
  const check = await checkBundle(withDefinitions(bundle, emission.pipelines));
  // What could not be evaluated would be missed by the check, and that is no mistake of its own.
  const problems = emission.problems.length > 0 ? emission.problems : atSource(check.problems, emission.pipelines);
  return { ...check, problems };
}

async function testFiles(folder: string, files: readonly string[] | undefined): Promise<string[]> {
  if (files !== undefined && files.length > 0) {
    return files.map((file) => relative(folder, resolve(folder, file)).split(sep).join('/'));
  }
  const found: string[] = [];
  const visit = async (prefix: string): Promise<void> => {
    for (const entry of await readdir(join(folder, prefix), { withFileTypes: true })) {
      if (entry.isDirectory() && !/^(?:node_modules|\..*)$/.test(entry.name)) await visit(`${prefix}${entry.name}/`);
      else if (entry.isFile() && testFileName.test(entry.name)) found.push(`${prefix}${entry.name}`);
    }
  };
  await visit('');
  return found.sort();
}

async function rehearseCase(
  folder: string,
  file: TestFile,
  test: TestCase,
  pipelines: readonly CompiledPipeline[],
  real: RealTasks,
): Promise<CaseResult> {
  const startedAt = performance.now();
  const about = { file: file.path, line: test.line, name: test.name, pipeline: test.pipeline };
  try {
    const pipeline = findPipeline(pipelines, test.pipeline);
    checkMocks(test, pipeline);
    const recorded = test.recorded === undefined ? undefined : await readRecorded(folder, file.path, test.recorded);
    const rehearsal = new Rehearsal(pipeline, {
      params: test.params as Json,
      variables: test.variables,
      behaviour: behavioursOf(test, { pipeline, recorded, real: (call) => real.call(call, test) }),
      ...(test.startAt === undefined ? {} : { startMs: Date.parse(test.startAt) }),
      ...(test.cancelAfter === undefined ? {} : { cancelAfterMs: test.cancelAfter }),
    });
    const run = await rehearsal.run();
    return { ...about, findings: checkExpectations(test, run), run, ms: performance.now() - startedAt };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const [detail = { code: error.code, message: error.message }] = error.details;
    return { ...about, findings: [], error: { ...detail, message: error.message }, ms: performance.now() - startedAt };
  }
}

function findPipeline(pipelines: readonly CompiledPipeline[], name: string): CompiledPipeline {
  const found = pipelines.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = pipelines.map((one) => one.name).join(', ');
  throw new DomainError('not_found', 'test.no_pipeline', `the bundle has no pipeline "${name}"; it has ${names}`);
}

/** A mock of a task that is not there would silently do nothing. */
function checkMocks(test: TestCase, pipeline: CompiledPipeline): void {
  for (const id of test.mocks.keys()) {
    const task = pipeline.spec.tasks[id];
    if (task === undefined) {
      throw new DomainError('invalid', 'test.unknown_task', `"${pipeline.name}" has no task "${id}" to mock`);
    }
    if (task.wait !== undefined) {
      throw new DomainError('invalid', 'test.mocked_wait', `"${id}" waits in virtual time and needs no mock`);
    }
  }
}
