import { createHash } from 'node:crypto';
import type { ControlTransaction } from '@millrace/database';
import type { PoolId, RunnerId, TenantId } from '@millrace/kernel';
import type { SandboxMode } from '../pool.js';

export interface RunnerRegistration {
  readonly tenantId: TenantId;
  readonly poolId: PoolId;
  readonly runnerId: RunnerId;
  readonly slots: number;
  readonly sandboxMode: SandboxMode;
  /** Name of the machine. */
  readonly host: string;
  readonly pid: number | null;
  /** Tells the process from a later one with the same pid. */
  readonly processStart: string | null;
  readonly uid: number | null;
  readonly version: string;
  /** Kept as its SHA-256 only. */
  readonly credential: string;
}

/** Writes a runner's row before its process is told whose it is, so that its first word already finds it. */
export async function registerRunner(tx: ControlTransaction, runner: RunnerRegistration): Promise<void> {
  await tx.query(
    `insert into runners (tenant_id, id, pool_id, state, tier, slots, host, pid, process_start, uid, version, credential_hash, sandbox_mode)
     values ($1, $2, $3, 'starting', 'unknown', $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      runner.tenantId,
      runner.runnerId,
      runner.poolId,
      runner.slots,
      runner.host,
      runner.pid,
      runner.processStart,
      runner.uid,
      runner.version,
      createHash('sha256').update(runner.credential).digest(),
      runner.sandboxMode,
    ],
  );
}

/** The runner takes nothing new. */
export async function markDraining(tx: ControlTransaction, runnerIds: readonly string[]): Promise<void> {
  if (runnerIds.length === 0) return;
  await tx.query(
    `update runners set state = 'draining' where id = any($1::text[]) and state in ('starting', 'ready')`,
    [runnerIds],
  );
}

/** The runner's process is gone. Its leases, if it had any, are settled by the runs that they belong to. */
export async function endRunner(tx: ControlTransaction, runnerId: string, reason: string): Promise<void> {
  await tx.query(
    `update runners set state = 'ended', ended_at = now(), end_reason = $2 where id = $1 and state <> 'ended'`,
    [runnerId, reason],
  );
}

export interface LiveRunner {
  readonly tenantId: TenantId;
  readonly runnerId: RunnerId;
  readonly poolId: PoolId;
  readonly state: 'starting' | 'ready' | 'draining';
  readonly slots: number;
  /** What it was started with; its pool may have been changed since. */
  readonly sandboxMode: SandboxMode;
  readonly pid: number | null;
  readonly processStart: string | null;
  readonly uid: number | null;
  readonly startedAt: Date;
}

/** Runners of a machine that have not ended, as far as the table knows. */
export async function readLiveRunners(tx: ControlTransaction, host: string): Promise<readonly LiveRunner[]> {
  const rows = await tx.query<{
    tenant_id: TenantId;
    id: RunnerId;
    pool_id: PoolId;
    state: LiveRunner['state'];
    slots: number;
    sandbox_mode: SandboxMode;
    pid: number | null;
    process_start: string | null;
    uid: number | null;
    started_at: Date;
  }>(
    `select tenant_id, id, pool_id, state, slots, sandbox_mode, pid, process_start, uid, started_at from runners
     where state <> 'ended' and host = $1`,
    [host],
  );
  return rows.map((row) => ({
    tenantId: row.tenant_id,
    runnerId: row.id,
    poolId: row.pool_id,
    state: row.state,
    slots: row.slots,
    sandboxMode: row.sandbox_mode,
    pid: row.pid,
    processStart: row.process_start,
    uid: row.uid,
    startedAt: row.started_at,
  }));
}
