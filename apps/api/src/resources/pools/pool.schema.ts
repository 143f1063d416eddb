import { poolSizes } from '@millrace/contracts';
import { isolationTiers, poolBounds, poolNameForm, runnerStates, sandboxModes, standardPool } from '@millrace/pools';
import { z } from 'zod';
import { environmentQuery, pageOf, pageQuery, timestamp } from '../../edge/index.js';

const count = z.int().nonnegative();

export const pool = z
  .strictObject({
    id: z.string(),
    environmentId: z.string(),
    environment: z.string().describe('Slug.'),
    name: z.string().describe('Never changes: definitions refer to it.'),
    size: z.enum(poolSizes).describe('What one slot has: memory and a share of a processor.'),
    slotsPerRunner: z.int(),
    maxRunners: z.int(),
    idleSeconds: z.int().describe('A runner leaves when it has had nothing to do for so long.'),
    sandboxMode: z.enum(sandboxModes).describe('What attempts may share: see `NewPool`.'),
    minTier: z.enum(isolationTiers).nullable().describe('Machines that isolate less are refused.'),
    runners: z.strictObject({ ready: count, starting: count, draining: count }),
    slotsInUse: count.describe('Task attempts that hold a slot now.'),
    slotsLeaked: count.describe('Slots that no live attempt holds. Always 0, or it is a fault of the platform.'),
    queued: count.describe('Task instances that wait for a runner.'),
    createdAt: timestamp,
  })
  .meta({ id: 'Pool' });
export const poolPage = pageOf('PoolPage', pool);

export const runner = z
  .strictObject({
    id: z.string(),
    state: z.enum(runnerStates),
    pid: z.int().nullable(),
    uid: z.int().nullable().describe('Operating-system user of the process: one for each pool.'),
    host: z.string(),
    tier: z.string().describe('How well its machine isolates; `unknown` until it has connected.'),
    slots: z.int(),
    leases: count.describe('Task attempts that it holds now.'),
    version: z.string(),
    startedAt: timestamp,
    connectedAt: timestamp.nullable(),
    endedAt: timestamp.nullable(),
    endReason: z.string().nullable(),
  })
  .meta({ id: 'Runner' });
export const runnerPage = pageOf('RunnerPage', runner);

const bounded = ({ min, max }: { readonly min: number; readonly max: number }) => z.int().min(min).max(max);

const settings = {
  size: z.enum(poolSizes),
  slotsPerRunner: bounded(poolBounds.slotsPerRunner),
  maxRunners: bounded(poolBounds.maxRunners),
  idleSeconds: bounded(poolBounds.idleSeconds),
  sandboxMode: z
    .enum(sandboxModes)
    .describe(
      '`run`: attempts of one run that declare the same secrets and connections follow each other in one process, which ends with the run. `fresh`: a sandbox for each attempt. `reuse`: attempts of different runs follow each other too; what one leaves in its memory the next can read. A task that says `sandbox: fresh` has one of its own in every mode. Runners of another mode leave when their attempts have ended.',
    ),
  minTier: z.enum(isolationTiers).nullable(),
};

export const newPool = z
  .strictObject({
    name: z
      .string()
      .regex(
        poolNameForm,
        'must be lower-case letters, digits, "_" and "-", beginning with a letter, at most 63 of them',
      ),
    size: settings.size.default(standardPool.size),
    slotsPerRunner: settings.slotsPerRunner.default(standardPool.slotsPerRunner),
    maxRunners: settings.maxRunners.default(standardPool.maxRunners),
    idleSeconds: settings.idleSeconds.default(standardPool.idleSeconds),
    sandboxMode: settings.sandboxMode.default(standardPool.sandboxMode),
    minTier: settings.minTier.default(standardPool.minTier),
  })
  .meta({ id: 'NewPool' });
export const poolPatch = z.strictObject(settings).partial().meta({ id: 'PoolPatch' });

export const poolPath = z.strictObject({ pool: z.string().describe('Id or name.') });
export const poolQuery = z.strictObject(environmentQuery);
export const listPoolsQuery = z.strictObject({ ...pageQuery, ...environmentQuery });
export const listRunnersQuery = z.strictObject({
  ...pageQuery,
  ...environmentQuery,
  state: z.enum(runnerStates).optional().describe('Only runners in this state.'),
});
