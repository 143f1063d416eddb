import { channels, type TenantTransaction } from '@millrace/database';
import { DomainError, type EnvironmentId, type RunId } from '@millrace/kernel';
import { isTerminalRunState, type RunState } from '@millrace/contracts';
import { endRun } from './end-run.js';

export interface CancelRunRequest {
  readonly runId: RunId;
  /** Who asks, as in `created_by`. */
  readonly by: string;
  readonly reason?: string | undefined;
  /** Set for a caller that may reach one environment only. */
  readonly onlyEnvironmentId?: EnvironmentId | undefined;
}

/** Asks for the end of a run: running attempts are stopped, waiting ones never begin. */
export class CancelRun {
  /**
   * A repeat changes nothing. A run that waits for its turn ends at once; any other when its attempts have stopped.
   * @throws DomainError `run.not_found`, `run.ended`
   */
  async execute(tx: TenantTransaction, request: CancelRunRequest): Promise<void> {
    const [run] = await tx.query<{ state: RunState; held: boolean; requested: boolean; environment_id: EnvironmentId }>(
      `select state, held, cancel_requested_at is not null as requested, environment_id
       from runs where tenant_id = $1 and id = $2 for no key update`,
      [tx.tenantId, request.runId],
    );
    const outOfReach = request.onlyEnvironmentId !== undefined && run?.environment_id !== request.onlyEnvironmentId;
    if (run === undefined || outOfReach) {
      throw new DomainError('not_found', 'run.not_found', `there is no run ${request.runId}`);
    }
    if (run.state !== 'cancelled' && isTerminalRunState(run.state)) {
      throw new DomainError(
        'conflict',
        'run.ended',
        `the run has ended (${run.state}): there is nothing left to cancel`,
        {
          facts: { state: run.state },
        },
      );
    }
    if (run.requested || run.state === 'cancelled') return;
    await tx.query(
      `update runs set cancel_requested_at = clock_timestamp(), cancel_requested_by = $3 where tenant_id = $1 and id = $2`,
      [tx.tenantId, request.runId, request.by],
    );
    // No workflow will ever do it for a run that has none yet.
    if (run.held) return endRun(tx, { runId: request.runId, state: 'cancelled', reason: 'cancelled_while_held' });
    await tx.query(`insert into outbox (tenant_id, kind, subject, payload) values ($1, 'cancel_run', $2, $3::jsonb)`, [
      tx.tenantId,
      request.runId,
      JSON.stringify({ by: request.by, reason: request.reason ?? '' }),
    ]);
    for (const channel of [channels.outbox, channels.stretches, channels.cancelledRuns]) {
      tx.notify(channel, request.runId);
    }
  }
}
