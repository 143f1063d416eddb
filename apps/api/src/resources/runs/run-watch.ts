import { Inject, Injectable } from '@nestjs/common';
import { isTerminalRunState } from '@millrace/contracts';
import { TenantDatabase } from '@millrace/database';
import type { TenantId } from '@millrace/kernel';
import { findRunStanding, listLiveAttempts, listRunEvents } from '@millrace/runs';
import { Notifications, type StreamEvent } from '../../edge/index.js';
import { toRunEvent } from './run.mapper.js';

const batchSize = 500;
/** Notifications can be lost with their connection, so the tables are asked again now and then. */
const lookAgainMs = 5_000;
/** How soon an attempt that began is shown; only recorded changes of state are notified. */
const lookForLiveMs = 1_000;
/** Attempts of one run that are announced as running, at most, at one time. */
const liveLimit = 500;

/** Waits for runs, and follows them. */
@Injectable()
export class RunWatch {
  constructor(
    @Inject(TenantDatabase) private readonly tenants: TenantDatabase,
    @Inject(Notifications) private readonly notifications: Notifications,
  ) {}

  /** Resolves when the run has ended, when the time is over, or when nobody waits any more. */
  async untilEnded(tenantId: TenantId, runId: string, waitMs: number, signal: AbortSignal): Promise<void> {
    const wake = await this.notifications.subscribe('runEvents', runId);
    try {
      const deadline = performance.now() + waitMs;
      for (;;) {
        const standing = await this.tenants.read(tenantId, (tx) => findRunStanding(tx, runId));
        const leftMs = deadline - performance.now();
        if (standing === undefined || isTerminalRunState(standing.state) || leftMs <= 0 || signal.aborted) return;
        await wake.next({ timeoutMs: Math.min(leftMs, lookAgainMs), signal });
      }
    } finally {
      wake.close();
    }
  }

  /**
   * The recorded events after `afterSeq`, in order, to the end of the run. Between them, without an id, come `attempt`
   * events: an attempt is running. They are for the eye: a resumed stream does not repeat them.
   */
  async *follow(tenantId: TenantId, runId: string, afterSeq: number, signal: AbortSignal): AsyncGenerator<StreamEvent> {
    const wake = await this.notifications.subscribe('runEvents', runId);
    try {
      let last = afterSeq;
      let announced = new Set<string>();
      while (!signal.aborted) {
        const { events, standing, live } = await this.look(tenantId, runId, last);
        for (const event of events) {
          last = event.seq;
          const view = toRunEvent(event);
          yield { id: String(event.seq), event: event.type, data: view };
        }
        const over = standing === undefined || isTerminalRunState(standing.state);
        if (events.length === batchSize) continue;
        // The end and its event were written together, and the state was read first.
        if (over) return;
        for (const attempt of live.filter((one) => !announced.has(one.id))) yield runningEvent(attempt);
        announced = new Set(live.map((one) => one.id));
        await wake.next({ timeoutMs: lookForLiveMs, signal });
      }
    } finally {
      wake.close();
    }
  }

  private look(tenantId: TenantId, runId: string, afterSeq: number) {
    return this.tenants.read(tenantId, async (tx) => {
      const standing = await findRunStanding(tx, runId);
      const events = await listRunEvents(tx, runId, { afterSeq, limit: batchSize });
      const live = events.length < batchSize ? await listLiveAttempts(tx, runId, liveLimit) : [];
      return { standing, events, live };
    });
  }
}

function runningEvent(attempt: Awaited<ReturnType<typeof listLiveAttempts>>[number]): StreamEvent {
  return {
    event: 'attempt',
    data: {
      type: 'attempt',
      at: attempt.leasedAt.toISOString(),
      attemptId: attempt.id,
      taskId: attempt.taskId,
      mapIndex: attempt.mapIndex,
      try: attempt.try,
      fence: attempt.fence,
      state: 'running',
    },
  };
}
