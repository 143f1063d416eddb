import { attemptStates, runStates, taskStates } from '@millrace/contracts';
import { z } from 'zod';
import { environmentQuery, pageOf, pageQuery, timestamp, waitQuery } from '../../edge/index.js';

const taskId = z.string().describe('Id of the task in the pipeline.');
const mapIndex = z.int().min(-1).describe('Place in the list that the task is mapped over; -1 where it is not mapped.');
const taskCounts = z.partialRecord(z.enum(taskStates), z.int()).describe('Task instances by state.');
const params = z.record(z.string(), z.unknown());

export const run = z
  .strictObject({
    id: z.string(),
    environmentId: z.string(),
    environment: z.string().describe('Slug of the environment.'),
    pipelineId: z.string(),
    pipeline: z.string().describe('Name of the pipeline.'),
    versionId: z.string(),
    version: z.int().describe('Number of the version; a run keeps the one it began with.'),
    state: z.enum(runStates),
    reason: z.string().nullable().describe('Why, in one machine-readable word: `task_failed`, `platform_fault` …'),
    trigger: z.string(),
    createdBy: z.string(),
    params: params.describe('Defaults filled in. `GET …/params` gives the text with every digit.'),
    tasks: z.partialRecord(z.enum(taskStates), z.int()).describe('Tasks by state; a mapped task counts once.'),
    createdAt: timestamp,
    startedAt: timestamp.nullable(),
    endedAt: timestamp.nullable(),
    cancelRequestedAt: timestamp.nullable(),
    cancelRequestedBy: z.string().nullable(),
  })
  .meta({ id: 'Run' });
export const runPage = pageOf('RunPage', run);

export const taskInstance = z
  .strictObject({
    taskId,
    mapIndex,
    state: z.enum(taskStates),
    reason: z.string().nullable(),
    poolId: z.string().nullable(),
    mapLength: z.int().nullable().describe('For a mapped task as a whole: how many instances it has.'),
    instances: taskCounts.nullable().describe('For a mapped task as a whole.'),
    tries: z.int().describe('Tries of the retry policy that were begun.'),
    dispatches: z.int().describe('Tries, and repeats that were the fault of the platform.'),
    queuedAt: timestamp.nullable(),
    startedAt: timestamp.nullable(),
    endedAt: timestamp.nullable(),
  })
  .meta({ id: 'TaskInstance' });
export const taskPage = pageOf('TaskInstancePage', taskInstance);

const attemptTimes = {
  acceptedAt: timestamp.nullable().describe('Its instance became ready.'),
  leasedAt: timestamp.describe('It was promised to a runner.'),
  offeredAt: timestamp.nullable().describe('It was pushed to its runner; null where the runner asked for it.'),
  startedAt: timestamp.nullable().describe('The code of the task began.'),
  endedAt: timestamp.nullable(),
  committedAt: timestamp.nullable().describe('Its end was accepted and is durable.'),
};
const attemptWay = {
  way: z
    .enum(['direct', 'offered', 'queued'])
    .describe('How it, or the first attempt of its stretch, reached the runner.'),
  stretchId: z
    .string()
    .nullable()
    .describe('First attempt of the stretch that the runner executed back to back; null for that one itself.'),
};
const attemptFields = {
  id: z.string(),
  taskId,
  mapIndex,
  fence: z.int().describe('Rises with each lease of the instance; only the newest can end it.'),
  try: z.int(),
  state: z.enum(attemptStates),
  reason: z.string().nullable(),
};

export const attempt = z
  .strictObject({
    ...attemptFields,
    maxTries: z.int(),
    error: z
      .strictObject({ name: z.string(), message: z.string(), stack: z.string().optional() })
      .nullable()
      .describe('What the code of the task threw.'),
    retryable: z.boolean().nullable(),
    poolId: z.string(),
    runnerId: z.string().nullable(),
    size: z.string(),
    tier: z.string().nullable().describe('Isolation tier of the runner.'),
    ...attemptWay,
    ...attemptTimes,
    wallMs: z.int().nullable(),
    cpuMs: z.int().nullable(),
    peakRssBytes: z.int().nullable(),
    outputBytes: z.int().nullable(),
  })
  .meta({ id: 'Attempt' });
export const attemptPage = pageOf('AttemptPage', attempt);

export const timelineEntry = z
  .strictObject({ ...attemptFields, runnerId: z.string().nullable(), ...attemptWay, ...attemptTimes })
  .meta({ id: 'TimelineEntry' });
export const timelinePage = pageOf('TimelinePage', timelineEntry);

export const runEvent = z
  .strictObject({
    seq: z.int().describe('Rises within the run; the id of the event in the stream.'),
    at: timestamp,
    type: z.enum(['run', 'task']),
    taskId: z.string().nullable(),
    mapIndex: z.int().nullable(),
    state: z.enum([...new Set([...runStates, ...taskStates])]),
    reason: z.string().nullable(),
    mapLength: z.int().nullable(),
  })
  .meta({ id: 'RunEvent' });
export const eventPage = pageOf('RunEventPage', runEvent);

export const taskOutput = z
  .strictObject({
    taskId,
    mapIndex,
    bytes: z.int().describe('Bytes of JSON text.'),
    text: z.string().nullable().describe('The JSON text, to the byte; null where it is longer than 16 KiB.'),
    large: z.boolean().describe('True where it lies in the object store.'),
  })
  .meta({ id: 'TaskOutput' });
export const outputPage = pageOf('TaskOutputPage', taskOutput);

const startFields = {
  params: params.optional().describe('Checked against the schema of the version; default `{}`. At most 256 KiB.'),
  version: z
    .union([z.int().positive(), z.string().min(1).max(100)])
    .optional()
    .describe('Number or id of a version; default: the active one.'),
};
export const startPipelineRun = z.strictObject(startFields).meta({ id: 'StartPipelineRun' });
export const startRun = z
  .strictObject({ pipeline: z.string().min(1).max(200).describe('Id or name of the pipeline.'), ...startFields })
  .meta({ id: 'StartRun' });
export const cancelRun = z.strictObject({ reason: z.string().max(500).optional() }).meta({ id: 'CancelRun' });

const time = z.iso
  .datetime({ offset: true, error: 'must be an RFC 3339 time such as 2030-01-31T08:00:00Z' })
  .transform((text) => new Date(text));
const wholeNumber = z
  .string()
  .regex(/^(-1|\d{1,9})$/, 'must be a whole number')
  .transform(Number);

export const startQuery = z.strictObject({ ...environmentQuery, wait: waitQuery });
export const listRunsQuery = z.strictObject({
  ...pageQuery,
  ...environmentQuery,
  pipeline: z.string().max(200).optional().describe('Id or name of a pipeline.'),
  state: z.enum(runStates).optional(),
  createdAfter: time.optional(),
  createdBefore: time.optional(),
});
export const getRunQuery = z.strictObject({ wait: waitQuery });
export const listTasksQuery = z.strictObject({
  ...pageQuery,
  state: z.enum(taskStates).optional(),
  task: z.string().max(200).optional().describe('The instances of this task, one by one.'),
  fromIndex: wholeNumber.optional().describe('With `task`: the instances from this index on.'),
});
export const listAttemptsQuery = z.strictObject({
  ...pageQuery,
  task: z.string().max(200).optional(),
  mapIndex: wholeNumber.optional(),
  state: z.enum(attemptStates).optional(),
});
export const listOutputsQuery = z.strictObject(pageQuery);
export const timelineQuery = z.strictObject(pageQuery);
export const outputQuery = z.strictObject({
  mapIndex: wholeNumber.optional().describe('One instance of a mapped task; without it, the list of all.'),
});
export const eventsQuery = z.strictObject({
  ...pageQuery,
  after: wholeNumber.optional().describe('Begin after the event with this `seq`.'),
});

export const pipelinePath = z.strictObject({ pipeline: z.string().describe('Id or name of the pipeline.') });
export const runPath = z.strictObject({ run: z.string() });
export const runTaskPath = z.strictObject({ run: z.string(), task: z.string() });
