import { triggerRules } from '@millrace/contracts';
import { notifyRules } from '@millrace/contracts/notify';
import { z } from 'zod';
import { parseByteSize } from './byte-size.js';
import { formatDuration, parseDuration } from './duration.js';
import { definitionLimits } from './limits.js';

const secondMs = 1000;
const dayMs = 86_400_000;

/** Names of pipelines; they stand in URLs. */
export const pipelineName = z
  .string('must be a text')
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and "-", beginning with a letter, at most 63');

/** Ids of tasks; they stand in expressions and URLs. */
export const taskIdForm = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;
export const taskIdRule = 'must be letters, digits, "_" and "-", beginning with a letter, at most 63';

const description = z
  .string('must be a text')
  .max(definitionLimits.descriptionLength, `must have at most ${definitionLimits.descriptionLength} characters`);

function duration(minMs: number, maxMs: number) {
  return z.string('must be a duration with a unit, such as "10s", "5m" or "1h30m"').transform((text, context) => {
    const ms = parseDuration(text);
    if (ms === undefined) {
      context.addIssue({
        code: 'custom',
        message: `must be a duration such as "500ms", "10s", "5m", "1h30m" or "2d", not "${text}"`,
      });
      return z.NEVER;
    }
    if (ms < minMs || ms > maxMs) {
      const message = `must be between ${formatDuration(minMs)} and ${formatDuration(maxMs)}`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }
    return ms;
  });
}

function wholeNumber(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return z.int(message).min(min, message).max(max, message);
}

const retry = z.strictObject({
  maxAttempts: wholeNumber(1, 100).optional(),
  delay: duration(0, dayMs).optional(),
  factor: z.number('must be a number').min(1, 'must be at least 1').max(10, 'must be at most 10').optional(),
  maxDelay: duration(0, 7 * dayMs).optional(),
  jitter: z.enum(['none', 'full'], 'must be "none" or "full"').optional(),
});

const poolName = z
  .string('must be the name of a pool')
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be the name of a pool: lower-case letters, digits and "-"');

const timeout = duration(secondMs, 7 * dayMs);

function names(what: string) {
  const form = z
    .string(`must be the name of a ${what}`)
    .regex(/^[A-Za-z_][A-Za-z0-9_-]{0,127}$/, `must be the name of a ${what}: letters, digits, "_" and "-"`);
  return z
    .array(form, `must be a list of names of ${what}s`)
    .max(definitionLimits.names, `at most ${definitionLimits.names}`)
    .default([]);
}

const memory = z.string('must be a size such as "512MiB"').transform((text, context) => {
  const bytes = parseByteSize(text);
  if (bytes === undefined || bytes < 16 * 2 ** 20) {
    context.addIssue({
      code: 'custom',
      message: `must be a size of at least 16MiB, such as "512MiB" or "2GiB", not "${text}"`,
    });
    return z.NEVER;
  }
  return bytes;
});

/** Fields of a pipeline; `tasks` and `params` are checked one by one afterwards. */
export const pipelineFields = z.strictObject({
  pipeline: pipelineName,
  description: description.optional(),
  params: z.unknown().optional(),
  concurrency: z
    .strictObject({
      maxActiveRuns: wholeNumber(1, 10_000),
      onLimit: z.enum(['queue', 'reject'], 'must be "queue" or "reject"').default('queue'),
    })
    .optional(),
  defaults: z
    .strictObject({ pool: poolName.optional(), timeout: timeout.optional(), retry: retry.optional() })
    .optional(),
  deadline: duration(secondMs, definitionLimits.deadlineDays * dayMs).optional(),
  notify: notifyRules.optional(),
  tasks: z.record(z.string(), z.unknown(), 'must be an object: task id -> task'),
});
export type PipelineFields = z.output<typeof pipelineFields>;

/** Fields that every task may have; the others are its type's own. */
export const taskFields = z.strictObject({
  type: z.string('must be the name of a task type'),
  description: description.optional(),
  needs: z.array(z.string('must be the id of a task'), 'must be a list of task ids').default([]),
  when: z.union([z.string(), z.boolean()], 'must be an expression ${{ … }}').optional(),
  trigger: z.enum(triggerRules, `must be one of ${triggerRules.join(', ')}`).default('all_success'),
  map: z
    .strictObject({
      over: z.union([z.string(), z.array(z.unknown())], 'must be an expression ${{ … }} that gives a list, or a list'),
      maxConcurrency: wholeNumber(1, definitionLimits.mapConcurrency).default(100),
    })
    .optional(),
  input: z.unknown().optional(),
  retry: retry.optional(),
  timeout: timeout.optional(),
  pool: poolName.optional(),
  memory: memory.optional(),
  secrets: names('secret'),
  connections: names('connection'),
  variables: names('variable'),
});
export type TaskFields = z.output<typeof taskFields>;
export type RetryFields = z.output<typeof retry>;

export const taskFieldNames: readonly string[] = Object.keys(taskFields.shape);
