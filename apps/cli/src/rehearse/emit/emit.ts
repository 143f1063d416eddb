import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import type { ErrorDetail, JsonObject } from '@millrace/kernel';
import type { Bundle } from '@millrace/pipelines/compile';
import { bundleSource } from './bundle-source.js';
import { evaluate, type EvaluatedPipeline } from './evaluate.js';
import { exactPlaces, type Place, placeOf, type Places } from './written-places.js';

/** A pipeline that was written in TypeScript. */
export interface EmittedPipeline {
  readonly name: string;
  /** The file that it was written in, relative to the folder of the bundle. */
  readonly file: string;
  /** The definition, the same as in YAML. */
  readonly definition: JsonObject;
  /** Where each part of it was written. */
  readonly places: Places;
}

export interface Emission {
  readonly pipelines: readonly EmittedPipeline[];
  /** What kept files from being evaluated, at its place in them. */
  readonly problems: readonly ErrorDetail[];
}

const pipelineFile = /^(?:pipelines\/.+|(?:.*\/)?[^/]+\.pipeline|millrace)\.[mc]?[jt]s$/;
/** Declarations, tests, and what a leading `_` marks as a part of other files. */
const noPipelineFile = /\.(?:d|spec|test)\.[mc]?[jt]s$|(?:^|\/)_[^/]*$/;

/** Files of the folder that define pipelines in TypeScript: `pipelines/*.ts`, `*.pipeline.ts`, `millrace.ts`. */
export async function findPipelineFiles(folder: string): Promise<string[]> {
  const found: string[] = [];
  const visit = async (prefix: string): Promise<void> => {
    for (const entry of await readdir(join(folder, prefix), { withFileTypes: true })) {
      const path = `${prefix}${entry.name}`;
      if (entry.isDirectory() && !/^(?:node_modules|\..*)$/.test(entry.name)) await visit(`${path}/`);
      else if (entry.isFile() && pipelineFile.test(path) && !noPipelineFile.test(path)) found.push(path);
    }
  };
  await visit('');
  return found.sort();
}

/**
 * Evaluates files that define pipelines in TypeScript, each in a process of its own on this machine, and gives the
 * definitions that they export.
 * @param folder the folder of the bundle
 * @param files paths in it; found by their names where they are left out
 */
export async function emit(folder: string, files?: readonly string[]): Promise<Emission> {
  const root = await realpath(folder);
  const paths = files?.map((file) => relative(root, resolve(root, file))) ?? (await findPipelineFiles(root));
  const emissions = await Promise.all(paths.map((path) => emitFile(root, path.split(sep).join('/'))));
  return {
    pipelines: emissions.flatMap(({ pipelines }) => pipelines),
    problems: emissions.flatMap(({ problems }) => problems),
  };
}

async function emitFile(root: string, file: string): Promise<Emission> {
  const scratch = await realpath(await mkdtemp(join(tmpdir(), 'millrace-emit-')));
  try {
    const program = join(scratch, 'pipelines.mjs');
    const bundled = await bundleSource(root, file, program);
    if (bundled.problems.length > 0) return { pipelines: [], problems: bundled.problems };
    await writeFile(program, bundled.code);
    const result = await evaluate(program, root);
    if (result.kind === 'failed')
      return { pipelines: [], problems: [{ ...result.problem, file: result.problem.file ?? file }] };
    if (result.pipelines.length === 0) return { pipelines: [], problems: [noPipeline(file)] };
    return { pipelines: await Promise.all(result.pipelines.map((one) => withPlaces(root, file, one))), problems: [] };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function noPipeline(file: string): ErrorDetail {
  return {
    code: 'sdk.no_pipeline',
    message: `"${file}" exports no pipeline`,
    file,
    line: 1,
    column: 1,
    hint: "write `export const name = pipeline('name', …)`",
  };
}

async function withPlaces(root: string, file: string, one: EvaluatedPipeline): Promise<EmittedPipeline> {
  const calls: Record<string, Place> = {};
  for (const [pointer, place] of Object.entries(one.positions)) {
    const inFolder = relative(root, place.file).split(sep).join('/');
    if (!inFolder.startsWith('..')) calls[pointer] = { ...place, file: inFolder };
  }
  const files = new Set(Object.values(calls).map((place) => place.file));
  const sources = await Promise.all([...files].map(async (path) => [path, await read(join(root, path))] as const));
  const { name, definition } = one;
  return { name, file, definition, places: exactPlaces(calls, new Map(sources)) };
}

async function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

/** Path in the bundle of the definition that an emitted pipeline becomes. */
export function definitionPath({ name }: EmittedPipeline): string {
  return `pipelines/${name}.emitted.json`;
}

/** The bundle with the emitted definitions among its files, as it is pushed. */
export function withDefinitions(bundle: Bundle, pipelines: readonly EmittedPipeline[]): Bundle {
  const files = new Map(bundle.files);
  for (const one of pipelines)
    files.set(definitionPath(one), Buffer.from(`${JSON.stringify(one.definition, null, 1)}\n`));
  return { ...bundle, files };
}

/**
 * Problems as the check of a bundle or a deployment reports them, with the places in the TypeScript files in place of
 * those in the definitions that were made of them.
 */
export function atSource(problems: readonly ErrorDetail[], pipelines: readonly EmittedPipeline[]): ErrorDetail[] {
  const byPath = new Map(pipelines.map((one) => [definitionPath(one), one]));
  return problems.map((problem) => {
    const emitted = byPath.get(problem.file ?? '');
    const place = emitted === undefined ? undefined : placeOf(emitted.places, problem.pointer ?? '');
    return place === undefined ? problem : { ...problem, ...place };
  });
}

/** The definition as JSON text, for those who want to look at it. */
export function definitionText(pipeline: EmittedPipeline): string {
  return JSON.stringify(pipeline.definition, null, 2);
}
