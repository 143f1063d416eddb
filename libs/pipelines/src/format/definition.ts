import { triggerRules } from '@millrace/contracts';
import { notifyRules } from '@millrace/contracts/notify';
import { z } from 'zod';
import { byteSizeForm, parseByteSize } from './byte-size.js';
import { durationForm, formatDuration, parseDuration } from './duration.js';
import { definitionLimits } from './limits.js';

const secondMs = 1000;
const dayMs = 86_400_000;

/** A text that is one placeholder and nothing else, as editors can tell. */
const wholeExpression = /^\$\{\{[\s\S]*\}\}$/;

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
  return z
    .string('must be a duration with a unit, such as "10s", "5m" or "1h30m"')
    .meta({ pattern: durationForm.source })
    .transform((text, context) => {
      const ms = parseDuration(text);
      if (ms === undefined) {
        context.addIssue({
          code: 'custom',
          message: `must be a duration such as "500ms", "10s", "5m", "1h30m" or "2d", not "${text.slice(0, 40)}"`,
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
  maxAttempts: wholeNumber(1, 100)
    .optional()
    .meta({ description: 'Tries in all, the first included.', default: 1, examples: [3] }),
  delay: duration(0, dayMs)
    .optional()
    .meta({ description: 'Before the second try: `0s` to `1d`.', default: '1s', examples: ['10s'] }),
  factor: z
    .number('must be a number')
    .min(1, 'must be at least 1')
    .max(10, 'must be at most 10')
    .optional()
    .meta({ description: 'Each further delay is the last one times this.', default: 2 }),
  maxDelay: duration(0, 7 * dayMs)
    .optional()
    .meta({ description: 'No delay is longer: `0s` to `7d`.', default: '5m', examples: ['30m'] }),
  jitter: z
    .enum(['none', 'full'], 'must be "none" or "full"')
    .optional()
    .meta({ description: '`full` draws every delay evenly from 0 to the computed one.', default: 'full' }),
});
const retryWords = {
  description: 'How failed tries are repeated. What is lost through the platform is repeated besides, free.',
  examples: [{ maxAttempts: 3, delay: '10s' }],
};

const poolName = z
  .string('must be the name of a pool')
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be the name of a pool: lower-case letters, digits and "-"');

const timeout = duration(secondMs, 7 * dayMs);
const timeoutWords = {
  description: 'From the start of a try to its forced end: `1s` to `7d`.',
  examples: ['10m', '1h30m'],
};

const fuse = z.boolean('must be true or false');
const fuseWords = {
  description: 'False: the task always starts by itself, even where it could be part of a stretch.',
  default: true,
};

function names(what: string) {
  const form = z
    .string(`must be the name of a ${what}`)
    .regex(/^[A-Za-z_][A-Za-z0-9_-]{0,127}$/, `must be the name of a ${what}: letters, digits, "_" and "-"`);
  return z
    .array(form, `must be a list of names of ${what}s`)
    .max(definitionLimits.names, `at most ${definitionLimits.names}`)
    .default([]);
}

const memory = z
  .string('must be a size such as "512MiB"')
  .meta({ pattern: byteSizeForm.source })
  .transform((text, context) => {
    const bytes = parseByteSize(text);
    if (bytes === undefined || bytes < 16 * 2 ** 20) {
      context.addIssue({
        code: 'custom',
        message: `must be a size of at least 16MiB, such as "512MiB" or "2GiB", not "${text.slice(0, 40)}"`,
      });
      return z.NEVER;
    }
    return bytes;
  });

/** Fields of a pipeline; `tasks` and `params` are checked one by one afterwards. */
export const pipelineFields = z.strictObject({
  pipeline: pipelineName.meta({
    description: 'Name of the pipeline: unique in an environment, part of addresses.',
    examples: ['weather'],
  }),
  description: description.optional().meta({
    description: 'What the pipeline is for.',
    examples: ['Daily figures for the warehouse.'],
  }),
  params: z
    .unknown()
    .optional()
    .meta({
      description:
        'JSON Schema (2020-12) of the params of a run; defaults in it are filled in. Without it a run takes no params.',
      examples: [{ type: 'object', additionalProperties: false, properties: { city: { type: 'string' } } }],
    }),
  concurrency: z
    .strictObject({
      maxActiveRuns: wholeNumber(1, 10_000).describe('Runs that may be active at once.'),
      onLimit: z
        .enum(['queue', 'reject'], 'must be "queue" or "reject"')
        .default('queue')
        .describe('What becomes of a further run: it waits, or it is refused.'),
    })
    .optional()
    .meta({ description: 'How many runs may be active at once. Without it there is no limit.' }),
  defaults: z
    .strictObject({
      pool: poolName.optional().meta({ description: 'The pool that tasks run in.', default: 'default' }),
      timeout: timeout.optional().meta(timeoutWords),
      retry: retry.optional().meta(retryWords),
      fuse: fuse.optional().meta(fuseWords),
    })
    .optional()
    .meta({ description: 'For every task that does not say otherwise.' }),
  deadline: duration(secondMs, definitionLimits.deadlineDays * dayMs)
    .optional()
    .meta({
      description: `From the creation of a run to its end: \`1s\` to \`${definitionLimits.deadlineDays}d\`. A run that misses it goes on; who is told is said by \`notify\`.`,
      examples: ['2h'],
    }),
  notify: notifyRules.optional().meta({
    description:
      'Who is told of what. It replaces the rules of the environment; an empty list tells nobody. Where neither has rules, failures are e-mailed to the owners of the organization.',
    examples: [[{ on: ['failed', 'recovered'], email: 'owners' }]],
  }),
  tasks: z.record(z.string(), z.unknown(), 'must be an object: task id -> task').meta({
    description: 'The tasks by their id. Ids stand in expressions: `tasks.extract.output`.',
    examples: [{ extract: { type: 'node', entry: 'src/extract.ts' } }],
  }),
});
export type PipelineFields = z.output<typeof pipelineFields>;

/** Fields that every task may have; the others are its type's own. */
export const taskFields = z.strictObject({
  type: z.string('must be the name of a task type').describe('What the task is; it decides about its other fields.'),
  description: description.optional().meta({
    description: 'What the task does.',
    examples: ['Reads the rows of the day.'],
  }),
  needs: z
    .array(z.string('must be the id of a task'), 'must be a list of task ids')
    .default([])
    .meta({ description: 'Tasks that must be done before.', examples: [['extract']] }),
  when: z
    .union([z.string().meta({ pattern: wholeExpression.source }), z.boolean()], 'must be an expression ${{ … }}')
    .optional()
    .meta({
      description: 'The task runs only where this is true; else it is skipped.',
      examples: ['${{ params.report }}'],
    }),
  trigger: z
    .enum(triggerRules, `must be one of ${triggerRules.join(', ')}`)
    .default('all_success')
    .describe('How the needs decide whether the task starts; the meanings are those of Airflow.'),
  map: z
    .strictObject({
      over: z
        .union(
          [z.string().meta({ pattern: wholeExpression.source }), z.array(z.unknown())],
          'must be an expression ${{ … }} that gives a list, or a list',
        )
        .meta({
          description: 'An expression that gives a list, or a list.',
          examples: ['${{ tasks.extract.output.rows }}'],
        }),
      maxConcurrency: wholeNumber(1, definitionLimits.mapConcurrency)
        .default(100)
        .describe('Instances that may run at once.'),
    })
    .optional()
    .meta({
      description: 'One instance of the task for every item of a list; its expressions see `item` and `index`.',
    }),
  input: z
    .unknown()
    .optional()
    .meta({
      description: 'Any JSON with placeholders: what the code gets as its first argument.',
      examples: [{ city: '${{ params.city }}' }],
    }),
  retry: retry.optional().meta(retryWords),
  timeout: timeout.optional().meta(timeoutWords),
  pool: poolName.optional().meta({ description: 'The pool that the task runs in.', default: 'default' }),
  memory: memory.optional().meta({
    description: 'At most this much, from `16MiB` on; without it what a slot of the pool has.',
    examples: ['512MiB'],
  }),
  fuse: fuse.optional().meta(fuseWords),
  sandbox: z
    .literal('fresh', 'must be "fresh"')
    .optional()
    .meta({ description: 'A sandbox that no other attempt uses, whatever the mode of the pool.' }),
  secrets: names('secret').meta({
    description: 'Secrets that the task may read; no other is given to it.',
    examples: [['API_TOKEN']],
  }),
  connections: names('connection').meta({
    description: 'Connections that the task may use; no other is given to it.',
    examples: [['warehouse']],
  }),
  variables: names('variable').meta({
    description: 'Variables that the task may read, and its expressions as `vars`.',
    examples: [['REGION']],
  }),
});
export type TaskFields = z.output<typeof taskFields>;
export type RetryFields = z.output<typeof retry>;

export const taskFieldNames: readonly string[] = Object.keys(taskFields.shape);
