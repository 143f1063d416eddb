/**
 * The wire between runner and gateway: one persistent stream, one JSON document a line (at most `maxFrameBytes`),
 * requests answered by id, both sides may push. The runner opens it and speaks first (`hello`).
 */
import { z } from 'zod';
import { attemptStates } from './states.js';

export const wireProtocol = 2;
/** A longer line closes the connection. Larger values travel in blob frames. */
export const maxFrameBytes = 1024 * 1024;
/** Bytes of a blob in one frame, before base64. */
export const blobPartBytes = 384 * 1024;

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const requestId = z.number().int().nonnegative();
const fenced = { runId: z.string(), attemptId: z.string(), fence: z.number().int().positive() };

export const logLine = z.strictObject({
  /** From 1 within the attempt, without gaps as written by the runner. */
  seq: z.number().int().positive(),
  /** Milliseconds since the epoch, the runner's clock: for display only. */
  at: z.number(),
  stream: z.enum(['stdout', 'stderr', 'system']),
  text: z.string(),
});
export type LogLine = z.infer<typeof logLine>;

export const attemptError = z.strictObject({
  name: z.string(),
  message: z.string(),
  stack: z.string().optional(),
});
export type AttemptError = z.infer<typeof attemptError>;

export const attemptEnd = z.strictObject({
  state: z.enum(attemptStates).exclude(['leased', 'lost']),
  reason: z.string().optional(),
  retryable: z.boolean(),
  error: attemptError.optional(),
  /** JSON text, up to `inlineOutputBytes`; a larger output was sent as a blob and is named by its digest. */
  output: z.string().optional(),
  outputDigest: digest.optional(),
  outputBytes: z.number().int().nonnegative().optional(),
  /** Runner's clock, for display; durations are measured monotonically. */
  startedAtMs: z.number().optional(),
  endedAtMs: z.number(),
  wallMs: z.number().nonnegative(),
  cpuMs: z.number().nonnegative(),
  peakRssBytes: z.number().nonnegative(),
  /** Sequence number of the last log line that was written (0: none). */
  lastLogSeq: z.number().int().nonnegative(),
});
export type AttemptEnd = z.infer<typeof attemptEnd>;

/** A dispatch as the runner names it when it asks for a lease. */
const dispatched = {
  runId: z.string(),
  taskId: z.string(),
  mapIndex: z.number().int().min(-1),
  dispatch: z.number().int().positive(),
  try: z.number().int().positive(),
};

/** Frames that the runner sends. All but `ping` and `started` carry an id and are answered. */
export const runnerFrame = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('hello'),
    id: requestId,
    protocol: z.number().int(),
    runnerId: z.string(),
    poolId: z.string(),
    credential: z.string(),
    tier: z.enum(['strong', 'standard', 'restricted', 'none']),
    slots: z.number().int().positive(),
    host: z.string(),
    pid: z.number().int(),
    uid: z.number().int(),
    version: z.string(),
  }),
  z.strictObject({
    type: z.literal('begin'),
    id: requestId,
    ...dispatched,
    /** The stretch that the attempt joins, by its first attempt; absent where it is the first. */
    stretch: z.string().optional(),
    /** True: the answer lists the tasks that may follow. */
    fused: z.boolean(),
    /** When the run handed the task over, milliseconds since the epoch by Temporal's clock. */
    scheduledAtMs: z.number().optional(),
  }),
  z.strictObject({ type: z.literal('started'), ...fenced, atMs: z.number() }),
  z.strictObject({ type: z.literal('log'), id: requestId, ...fenced, lines: z.array(logLine).min(1).max(2000) }),
  z.strictObject({
    type: z.literal('artifact'),
    id: requestId,
    ...fenced,
    name: z.string().min(1).max(200),
    contentType: z.string().max(200),
    sizeBytes: z.number().int().nonnegative(),
    digest,
  }),
  z.strictObject({
    type: z.literal('end'),
    id: requestId,
    ...fenced,
    end: attemptEnd,
    /** The last lines of the log, stored in the transaction of the end. */
    lines: z.array(logLine).min(1).max(2000).optional(),
    /** What the same lane wants to execute next: leased in the transaction of the end, under the same stretch. */
    next: z.strictObject(dispatched).optional(),
  }),
  /** An offer that this runner does not take: its lease ends as lost, free of charge. */
  z.strictObject({ type: z.literal('decline'), id: requestId, ...fenced, reason: z.string().max(200) }),
  /** Reads a part of an object that the attempt (or build) may see: its bundle, dependencies, large inputs. */
  z.strictObject({
    type: z.literal('blob.read'),
    id: requestId,
    grant: z.string(),
    digest,
    offset: z.number().int().nonnegative(),
  }),
  /** Sends a part of an object; the last part names the digest, which the gateway checks before it keeps it. */
  z.strictObject({
    type: z.literal('blob.write'),
    id: requestId,
    grant: z.string(),
    upload: z.string(),
    offset: z.number().int().nonnegative(),
    data: z.string(),
    last: digest.optional(),
  }),
  z.strictObject({
    type: z.literal('build.begin'),
    id: requestId,
    deploymentId: z.string(),
    inputDigest: z.string(),
  }),
  z.strictObject({ type: z.literal('drain'), id: requestId }),
  z.strictObject({ type: z.literal('ping') }),
]);
export type RunnerFrame = z.infer<typeof runnerFrame>;

/** The answer to `hello`. */
export const helloReply = z.strictObject({ protocol: z.number().int(), serverAtMs: z.number() });
export type HelloReply = z.infer<typeof helloReply>;

/** The answer to `build.begin`: a handle for the bundle to read and the result to write. */
export const buildReply = z.strictObject({ grant: z.string() });
export type BuildReply = z.infer<typeof buildReply>;

/** The answer to a part of a blob that was written. */
export const writeReply = z.strictObject({ receivedBytes: z.number().int().nonnegative() });

/** A declared connection, with the password that only this attempt may see. */
export const offeredConnection = z.strictObject({
  name: z.string(),
  type: z.string(),
  host: z.string(),
  port: z.number().int(),
  user: z.string().optional(),
  password: z.string().optional(),
  database: z.string().optional(),
  tls: z.enum(['disable', 'require', 'verify']),
  options: z.record(z.string(), z.unknown()),
});
export type OfferedConnection = z.infer<typeof offeredConnection>;

/** Everything that one attempt may know. */
export const offer = z.strictObject({
  attemptId: z.string(),
  fence: z.number().int().positive(),
  /** Opaque handle for blobs and logs of this attempt; dies with it. */
  grant: z.string(),
  task: z.strictObject({
    type: z.string(),
    /** Placeholders resolved. */
    config: z.unknown(),
    /** JSON text, to the byte; absent where it is large and comes by digest. */
    input: z.string().optional(),
    inputDigest: digest.optional(),
    /** JSON text. */
    params: z.string(),
  }),
  pipeline: z.string(),
  environment: z.string(),
  /** Which try of the retry policy this is, from 1; a repeat after a platform fault has the same number. */
  try: z.number().int().positive(),
  bundle: z.strictObject({ digest, npm: digest.optional(), pip: digest.optional() }),
  secrets: z.record(z.string(), z.string()),
  connections: z.array(offeredConnection),
  variables: z.record(z.string(), z.string()),
  timeoutMs: z.number().positive(),
  memoryBytes: z.number().positive(),
  /** The task asks for a sandbox of its own; absent: the pool's mode decides. */
  sandbox: z.literal('fresh').optional(),
  /** Exact host:port pairs of private addresses that the operator opened to this organization. */
  egressOpen: z.array(z.strictObject({ host: z.string(), port: z.number().int() })),
});
export type Offer = z.infer<typeof offer>;

/** A task that may follow in a stretch, with the tasks that have to succeed first. */
export const follower = z.strictObject({ taskId: z.string(), needs: z.array(z.string()) });
export type Follower = z.infer<typeof follower>;

/** The answer to `begin`, and to the `next` of an `end`. */
export const beginReply = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('leased'),
    offer,
    /** Tasks that may follow the attempt, directly or later; present where the frame said `fused` and named no stretch. */
    followers: z.array(follower).optional(),
  }),
  /** This dispatch ended already: by an earlier delivery, or because its input could not be made. */
  z.strictObject({
    outcome: z.literal('ended'),
    state: z.enum(attemptStates).exclude(['leased']),
    reason: z.string().optional(),
    retryable: z.boolean(),
    fence: z.number().int().nonnegative(),
  }),
  /** A newer dispatch exists, or the run is over: drop it. */
  z.strictObject({ outcome: z.literal('superseded') }),
  /** No slot is free under the plan's limit: try again after the delay. */
  z.strictObject({ outcome: z.literal('wait'), afterMs: z.number().int().positive(), reason: z.string() }),
]);
export type BeginReply = z.infer<typeof beginReply>;

/** Replies to fenced writes: `stale` means that the lease is no longer the live one and the attempt is to be dropped. */
export const fencedReply = z.strictObject({
  outcome: z.enum(['ok', 'duplicate', 'stale']),
});
export type FencedReply = z.infer<typeof fencedReply>;

/** The answer to `end`; `next` is there where the frame asked for one and the end was taken. */
export const endReply = z.strictObject({
  outcome: z.enum(['ok', 'duplicate', 'stale']),
  next: beginReply.optional(),
});
export type EndReply = z.infer<typeof endReply>;

/** A stretch that is offered: its first attempt is leased to this runner already. */
export const offeredStretch = z.strictObject({
  runId: z.string(),
  /** The instance that `offer` is for. */
  first: z.strictObject({
    taskId: z.string(),
    mapIndex: z.number().int().min(-1),
    dispatch: z.number().int().positive(),
  }),
  offer,
  /** Heads that are ready too and not leased yet. */
  heads: z.array(
    z.strictObject({
      taskId: z.string(),
      mapIndex: z.number().int().min(-1),
      dispatch: z.number().int().positive(),
      try: z.number().int().positive(),
    }),
  ),
  followers: z.array(follower),
  firstDispatch: z.number().int().positive(),
});
export type OfferedStretchFrame = z.infer<typeof offeredStretch>;

/** The answer to `blob.read`. */
export const blobPart = z.strictObject({ data: z.string(), totalBytes: z.number().int(), last: z.boolean() });
export type BlobPart = z.infer<typeof blobPart>;

/** Frames that the gateway sends. */
export const gatewayFrame = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('reply'), id: requestId, result: z.unknown() }),
  z.strictObject({
    type: z.literal('error'),
    id: requestId.optional(),
    code: z.string(),
    message: z.string(),
    retryable: z.boolean(),
  }),
  /** Stop this attempt: TERM, grace, KILL. */
  z.strictObject({ type: z.literal('cancel'), attemptId: z.string(), reason: z.string() }),
  /** Execute this; no answer but its ends, or `decline`. */
  z.strictObject({ type: z.literal('offer'), stretch: offeredStretch }),
  /** The run has ended: what is kept for it can go. */
  z.strictObject({ type: z.literal('run.ended'), runId: z.string() }),
  /** Take nothing new, finish what is running, leave. */
  z.strictObject({ type: z.literal('drain') }),
  z.strictObject({ type: z.literal('pong') }),
]);
export type GatewayFrame = z.infer<typeof gatewayFrame>;
