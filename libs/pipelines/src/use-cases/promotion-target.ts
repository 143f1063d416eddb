import type { NotifyRule, PlanTask, RunPlan, TaskSpec, VersionSpec } from '@millrace/contracts';
import { suggest } from '@millrace/expressions';
import type { EnvironmentId, ErrorDetail } from '@millrace/kernel';
import { formatByteSize } from '../format/byte-size.js';
import type { PoolFacts } from '../format/check-fields.js';

/** An environment, as far as pipelines can need something of it. */
export interface PromotionTarget {
  readonly environmentId: EnvironmentId;
  /** Its slug. */
  readonly environment: string;
  readonly pools: readonly PoolFacts[];
  /** Names. */
  readonly webhooks: readonly string[];
  readonly secrets: readonly string[];
  readonly connections: readonly string[];
  readonly variables: readonly string[];
}

const nouns = { secrets: 'secret', connections: 'connection', variables: 'variable' } as const;
type Kind = keyof typeof nouns;

/** What the pipeline needs and the environment does not have. */
export function checkTarget(
  pipeline: string,
  plan: RunPlan,
  spec: Pick<VersionSpec, 'tasks'>,
  notify: readonly NotifyRule[],
  target: PromotionTarget,
): ErrorDetail[] {
  const tasks = plan.tasks.flatMap((task) => {
    const own = spec.tasks[task.id];
    if (own === undefined) return [];
    const kinds = Object.keys(nouns) as Kind[];
    return [
      ...(task.kind === 'attempt' ? poolProblems(pipeline, task, own, target) : []),
      ...kinds.flatMap((kind) => nameProblems(pipeline, task, own[kind], kind, target)),
    ];
  });
  return [...webhookProblems(pipeline, notify, target), ...tasks];
}

function webhookProblems(
  pipeline: string,
  notify: readonly NotifyRule[],
  { environment, webhooks }: PromotionTarget,
): ErrorDetail[] {
  return notify.flatMap((rule, index) => {
    if (!('webhook' in rule) || webhooks.includes(rule.webhook)) return [];
    const close = suggest(rule.webhook, webhooks);
    return [
      {
        code: 'promotion.missing_webhook',
        message: `"${environment}" has no webhook "${rule.webhook}", which "${pipeline}" tells`,
        hint: `create it: POST /v1/webhooks?environment=${environment}${close === undefined ? '' : ` (there is "${close}")`}`,
        pointer: `/${pipeline}/notify/${index}/webhook`,
      },
    ];
  });
}

function place(pipeline: string, task: string, field: string): Pick<ErrorDetail, 'pointer'> {
  return { pointer: `/${pipeline}/tasks/${task}/${field}` };
}

function poolProblems(pipeline: string, task: PlanTask, own: TaskSpec, target: PromotionTarget): ErrorDetail[] {
  const pool = target.pools.find(({ name }) => name === task.pool);
  if (pool === undefined) {
    const names = target.pools.map(({ name }) => name);
    return [
      {
        code: 'promotion.missing_pool',
        message: `"${target.environment}" has no pool "${task.pool}", in which the task "${task.id}" of "${pipeline}" runs`,
        hint: `create it there; it has ${names.length === 0 ? 'none' : names.join(', ')}`,
        ...place(pipeline, task.id, 'pool'),
      },
    ];
  }
  if (own.memoryBytes === undefined || own.memoryBytes <= pool.memoryBytes) return [];
  return [
    {
      code: 'promotion.memory',
      message: `the task "${task.id}" of "${pipeline}" asks for ${formatByteSize(own.memoryBytes)}; in the pool "${pool.name}" of "${target.environment}" a task has at most ${formatByteSize(pool.memoryBytes)}`,
      hint: 'give the pool a larger size there',
      ...place(pipeline, task.id, 'memory'),
    },
  ];
}

function nameProblems(
  pipeline: string,
  task: PlanTask,
  needed: readonly string[],
  kind: Kind,
  target: PromotionTarget,
): ErrorDetail[] {
  const noun = nouns[kind];
  return needed
    .filter((name) => !target[kind].includes(name))
    .map((name) => {
      const close = suggest(name, target[kind]);
      return {
        code: `promotion.missing_${noun}`,
        message: `"${target.environment}" has no ${noun} "${name}", which the task "${task.id}" of "${pipeline}" uses`,
        hint: `create it: PUT /v1/${kind}/${name}?environment=${target.environment}${close === undefined ? '' : ` (there is "${close}")`}`,
        ...place(pipeline, task.id, kind),
      };
    });
}
