import type { ErrorDetail } from '@millrace/kernel';
import { standardHint } from '../format/hints.js';
import { compileCode } from './compile-code.js';
import { compileDefinitions, type DefinitionsInput } from './compile-definitions.js';
import type { CompiledPipeline } from './compiled-pipeline.js';

/** Everything that compiling a bundle needs; plain data, so that it can be handed to another process. */
export interface CompileRequest extends DefinitionsInput {
  /** Files that code may import, by path. */
  readonly code: ReadonlyMap<string, Uint8Array>;
  /** Packages of the bundle's package.json. */
  readonly packages: readonly string[];
}

export interface CompileResult {
  readonly pipelines: readonly CompiledPipeline[];
  /** Compiled entry files, by their path in the runtime bundle. */
  readonly compiled: ReadonlyMap<string, Uint8Array>;
  readonly problems: readonly ErrorDetail[];
}

/** Compiles definitions and code and reports what is wrong with either, all at once. */
export async function compileBundle(request: CompileRequest): Promise<CompileResult> {
  const definitions = compileDefinitions(request);
  const files = new Map([...request.code].map(([path, bytes]) => [path, Buffer.from(bytes)]));
  const code = await compileCode(files, definitions.entries, { packages: new Set(request.packages) });
  return {
    pipelines: definitions.pipelines,
    compiled: code.files,
    problems: [...definitions.problems, ...code.problems.map(advised)],
  };
}

function advised(problem: ErrorDetail): ErrorDetail {
  const hint = problem.hint ?? standardHint(problem.code);
  return hint === undefined ? problem : { ...problem, hint };
}
