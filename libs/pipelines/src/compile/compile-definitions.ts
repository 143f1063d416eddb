import type { ErrorDetail } from '@millrace/kernel';
import { checkFields, type PoolFacts } from '../format/check-fields.js';
import { ExpressionRules } from '../format/check-expressions.js';
import type { PipelineDraft } from '../format/draft.js';
import { buildGraph } from '../format/graph.js';
import { parsePipeline } from '../format/parse-pipeline.js';
import type { DefinitionSource } from '../format/problems.js';
import { checkParamsSchema } from '../params/check-params-schema.js';
import { compilePlan } from './compile-plan.js';
import type { CodeEntry, CompiledPipeline } from './compiled-pipeline.js';

/** Everything that definitions are judged by; plain data, so that it can be handed to a worker thread. */
export interface DefinitionsInput {
  readonly sources: readonly DefinitionSource[];
  readonly paths: readonly string[];
  readonly pools: readonly PoolFacts[] | undefined;
  /** Names of the environment's webhooks; where they are not known, nothing is said about webhooks. */
  readonly webhooks?: readonly string[] | undefined;
}

export interface DefinitionsResult {
  /** Those without problems. */
  readonly pipelines: readonly CompiledPipeline[];
  /** Entry files of tasks that run compiled code, also those of pipelines with other problems. */
  readonly entries: readonly CodeEntry[];
  readonly problems: readonly ErrorDetail[];
}

/** Checks and compiles all definitions of a bundle; reports every problem of every one. */
export function compileDefinitions(input: DefinitionsInput): DefinitionsResult {
  const surroundings = { paths: new Set(input.paths), pools: input.pools, webhooks: input.webhooks };
  const pipelines: CompiledPipeline[] = [];
  const entries: CodeEntry[] = [];
  const problems: ErrorDetail[] = [];
  const seen = new Map<string, string>();
  for (const source of input.sources) {
    const { draft, problems: found } = parsePipeline(source);
    if (draft !== undefined) {
      checkName(draft, seen);
      const params = checkParamsSchema(draft);
      const graph = buildGraph(draft);
      checkFields(draft, surroundings);
      new ExpressionRules(draft, graph, params).check();
      entries.push(...codeEntries(draft, surroundings.paths));
      if (found.found.length === 0 && graph !== undefined) pipelines.push(compilePlan(draft, graph, params));
    }
    problems.push(...inOrder(found.found));
  }
  return { pipelines, entries, problems };
}

/** In the order of the file: that is how a person mends them. */
function inOrder(problems: readonly ErrorDetail[]): ErrorDetail[] {
  return [...problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

function checkName({ fields, source, problems }: PipelineDraft, seen: Map<string, string>): void {
  const other = seen.get(fields.pipeline);
  const here = source.file ?? source.pointer ?? '';
  if (other !== undefined) {
    problems.add('pipeline.duplicate_name', `the pipeline "${fields.pipeline}" is also defined in ${other}`, [
      'pipeline',
    ]);
  }
  seen.set(fields.pipeline, here);
}

function codeEntries(draft: PipelineDraft, paths: ReadonlySet<string>): CodeEntry[] {
  return draft.tasks.flatMap((task) => {
    const { entry, export: exported } = task.own ?? {};
    if (task.type?.type !== 'node' || typeof entry !== 'string' || typeof exported !== 'string') return [];
    if (!paths.has(entry)) return [];
    const field = 'export' in task.written ? 'export' : 'entry';
    const place = draft.problems.placeOf([...task.path, field]);
    return [{ entry, exported, sourceFile: draft.source.file, ...place }];
  });
}
