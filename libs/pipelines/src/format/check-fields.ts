import { maxExpressionLength, suggest } from '@millrace/expressions';
import { hasPlaceholder } from '@millrace/tasks/catalogue';
import { celLiteral } from '../compile/cel-literal.js';
import { formatByteSize } from './byte-size.js';
import { singleExpression } from './check-expressions.js';
import type { PipelineDraft, TaskDraft } from './draft.js';

/** A pool of the environment, as far as a definition can ask for too much of it. */
export interface PoolFacts {
  readonly name: string;
  /** What one task may use at most. */
  readonly memoryBytes: number;
}

export interface Surroundings {
  /** Paths of the bundle's files. */
  readonly paths: ReadonlySet<string>;
  /** Pools of the environment; undefined where they are not known, then nothing is said about them. */
  readonly pools: readonly PoolFacts[] | undefined;
  /** Names of the environment's webhooks; undefined where they are not known. */
  readonly webhooks: readonly string[] | undefined;
}

/** Fields that say something about a runner, which a timer does not have; and it cannot be mapped. */
export const notForTimers: ReadonlySet<string> = new Set([
  ...['map', 'input', 'retry', 'timeout', 'pool', 'memory', 'fuse', 'sandbox', 'secrets', 'connections'],
]);

/** What the fields of a task mean together, and whether what they name is there. */
export function checkFields(draft: PipelineDraft, surroundings: Surroundings): void {
  const { problems } = draft;
  checkWebhooks(draft, surroundings);
  const defaultPool = draft.fields.defaults?.pool;
  if (defaultPool !== undefined) checkPool(draft, defaultPool, ['defaults', 'pool'], surroundings);
  for (const task of draft.tasks) {
    const { fields, path } = task;
    if (task.type?.executes === 'timer') checkTimer(draft, task, task.type.type);
    if (Array.isArray(fields.map?.over) && celLiteral(fields.map.over).length > maxExpressionLength) {
      problems.add(
        'pipeline.list_too_long',
        `a list that is written out may have ${maxExpressionLength} characters`,
        [...path, 'map', 'over'],
        {
          hint: "return it from a task and map over that task's output",
        },
      );
    }
    if (fields.pool !== undefined) checkPool(draft, fields.pool, [...path, 'pool'], surroundings);
    checkMemory(draft, task, surroundings);
    checkFiles(draft, task, surroundings.paths);
  }
}

function checkTimer({ problems }: PipelineDraft, task: TaskDraft, type: string): void {
  const { path, own } = task;
  for (const field of task.given) {
    if (!notForTimers.has(field)) continue;
    if (field === 'map') {
      problems.add('pipeline.map_wait', `a "${type}" cannot be mapped`, [...path, 'map'], {
        part: 'key',
        hint: 'map the task after it instead',
      });
    } else {
      problems.add(
        'pipeline.not_for_wait',
        `a "${type}" has no runner, so "${field}" means nothing`,
        [...path, field],
        {
          part: 'key',
          hint: 'remove it',
        },
      );
    }
  }
  for (const field of ['seconds', 'until']) {
    const value = own?.[field];
    if (typeof value !== 'string' || !hasPlaceholder(value) || singleExpression(value) !== undefined) continue;
    problems.add('pipeline.not_an_expression', `"${field}" must be one expression: \${{ … }}`, [...path, field], {
      hint: 'put texts together inside of it: ${{ params.day + "T08:00:00Z" }}',
    });
  }
}

function checkPool(
  draft: PipelineDraft,
  name: string,
  path: readonly (string | number)[],
  { pools }: Surroundings,
): void {
  if (pools === undefined || pools.some((pool) => pool.name === name)) return;
  const names = pools.map((pool) => pool.name);
  const close = suggest(name, names);
  draft.problems.add('pipeline.unknown_pool', `the environment has no pool "${name}"`, path, {
    hint: close === undefined ? `it has ${names.join(', ')}` : `did you mean "${close}"?`,
  });
}

function checkWebhooks({ fields, problems }: PipelineDraft, { webhooks }: Surroundings): void {
  for (const [index, rule] of (fields.notify ?? []).entries()) {
    if (webhooks === undefined || rule.webhook === undefined || webhooks.includes(rule.webhook)) continue;
    const close = suggest(rule.webhook, webhooks);
    problems.add(
      'pipeline.unknown_webhook',
      `the environment has no webhook "${rule.webhook}"`,
      ['notify', index, 'webhook'],
      {
        hint:
          close === undefined
            ? 'create it first: POST /v1/webhooks, or under Alerts in the console'
            : `did you mean "${close}"?`,
      },
    );
  }
}

function checkMemory(draft: PipelineDraft, task: TaskDraft, { pools }: Surroundings): void {
  const { memory } = task.fields;
  if (memory === undefined) return;
  const poolName = task.fields.pool ?? draft.fields.defaults?.pool ?? 'default';
  const pool = pools?.find(({ name }) => name === poolName);
  if (pool === undefined || memory <= pool.memoryBytes) return;
  draft.problems.add(
    'pipeline.memory',
    `a task in the pool "${poolName}" has at most ${formatByteSize(pool.memoryBytes)}`,
    [...task.path, 'memory'],
    { hint: 'ask for less, or use a pool of a larger size' },
  );
}

function checkFiles({ problems }: PipelineDraft, task: TaskDraft, paths: ReadonlySet<string>): void {
  if (task.type === undefined || task.own === undefined) return;
  for (const file of task.type.files(task.own)) {
    const path = file.replace(/^(?:\.\/)+/, '');
    if (paths.has(path)) continue;
    const field = Object.entries(task.own).find(([, value]) => value === file)?.[0];
    problems.add(
      'pipeline.missing_file',
      `the bundle has no file "${file}"`,
      field === undefined ? task.path : [...task.path, field],
      {
        hint: nearest(path, paths),
      },
    );
  }
}

function nearest(path: string, paths: ReadonlySet<string>): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const candidates = [...paths].slice(0, 2000);
  const sameName = candidates.find((other) => other.endsWith(`/${name}`) || other === name);
  const close = sameName ?? suggest(path, candidates);
  return close === undefined ? undefined : `did you mean "${close}"?`;
}
