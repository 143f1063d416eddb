import { channels, type ControlTransaction } from '@millrace/database';

export interface LostRunner {
  readonly runnerId: string;
  /** The moment of the connection that closed, as the hello gave it; where the row has a later one, it came back. */
  readonly connectedAt: string;
  readonly reason: string;
}

export interface LostRunnerReport {
  /** False where the runner had come back, to this gateway or another, or had been ended with nothing in its hands. */
  readonly lost: boolean;
  /** Runs that are told. */
  readonly runs: number;
}

/**
 * A runner's connection closed and it did not come back: its row ends, and the runs of its live leases are told by the
 * outbox, in one transaction. The leases themselves are settled by those runs, which know what comes next.
 */
export async function loseRunner(tx: ControlTransaction, lost: LostRunner): Promise<LostRunnerReport> {
  const rows = await tx.query<{ id: string }>(
    `select id from runners where id = $1 and connected_at = $2::timestamptz for update`,
    [lost.runnerId, lost.connectedAt],
  );
  if (rows.length === 0) return { lost: false, runs: 0 };
  await tx.query(
    `update runners set state = 'ended', ended_at = now(), end_reason = $2 where id = $1 and state <> 'ended'`,
    [lost.runnerId, lost.reason],
  );
  const told = await tx.query<{ subject: string }>(
    `insert into outbox (tenant_id, kind, subject, payload)
     select a.tenant_id, 'runner_lost', a.run_id, jsonb_build_object('runnerId', $1::text, 'leases',
       jsonb_agg(jsonb_build_object('taskId', a.task_id, 'mapIndex', a.map_index, 'dispatch', a.dispatch)))
     from attempts a where a.runner_id = $1 and a.state = 'leased'
     group by a.tenant_id, a.run_id
     returning subject`,
    [lost.runnerId],
  );
  if (told.length > 0) {
    await tx.query('select pg_notify($1, $2), count(pg_notify($3, run.id)) from unnest($4::text[]) run (id)', [
      channels.outbox,
      lost.runnerId,
      channels.stretches,
      told.map(({ subject }) => subject),
    ]);
  }
  return { lost: true, runs: told.length };
}
