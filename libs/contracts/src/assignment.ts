/**
 * What the pool controller hands to a runner process, as one JSON line on its standard input: never in its arguments or
 * environment, which others on the machine can read. A process takes one assignment in its life.
 */
import { z } from 'zod';

const pem = z.string().min(1);

/** Where dependencies come from, as the platform's host is set up; its credentials never reach a sandbox. */
export const packageIndexes = z.strictObject({
  npm: z.strictObject({ registry: z.string(), scopes: z.record(z.string(), z.string()) }),
  pip: z.strictObject({
    indexUrl: z.string(),
    extraIndexUrls: z.array(z.string()),
    findLinks: z.array(z.string()),
  }),
  fileOrigins: z.array(z.string()),
  credentials: z.array(z.strictObject({ urlPrefix: z.string(), authorization: z.string() })),
  extraCa: z.string().optional(),
});

export const runnerAssignment = z.strictObject({
  format: z.literal(1),
  runnerId: z.string(),
  poolId: z.string(),
  /** Good for this runner alone, for as long as its row lives. */
  credential: z.string().min(32),
  gateway: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('unix'), path: z.string() }),
    z.strictObject({
      kind: z.literal('tcp'),
      host: z.string(),
      port: z.number().int(),
      /** Present: TLS, with this authority. */
      ca: pem.optional(),
    }),
  ]),
  temporal: z.strictObject({
    address: z.string(),
    namespace: z.string(),
    tls: z.boolean(),
    ca: pem.optional(),
    cert: pem.optional(),
    key: pem.optional(),
    apiKey: z.string().optional(),
  }),
  taskQueue: z.string(),
  /** Attempts at the same time. */
  slots: z.number().int().positive(),
  /** Memory of one slot. */
  memoryBytes: z.number().int().positive(),
  sandboxMode: z.enum(['fresh', 'run', 'reuse']),
  /** Folder of this runner's own, writable by its user. */
  home: z.string(),
  /** Whom the process becomes before it connects anywhere; absent where it is nobody special already. */
  user: z.strictObject({ uid: z.number().int().positive(), gid: z.number().int().positive() }).optional(),
  indexes: packageIndexes,
  /** After SIGTERM: how long running attempts may go on before they are handed back. */
  drainGraceMs: z.number().int().nonnegative(),
  /** How long a runner without a gateway goes on hoping. */
  orphanMs: z.number().int().positive(),
});
export type RunnerAssignment = z.infer<typeof runnerAssignment>;

/** Exit codes of a runner process that tell its controller why it ended. */
export const runnerExitCodes = {
  drained: 0,
  failed: 1,
  /** The gateway does not know this runner (any more). */
  refused: 3,
  /** The machine isolates less than the pool or the platform demands. */
  isolation: 4,
  /** No gateway was to be found for too long. */
  orphaned: 5,
} as const;
