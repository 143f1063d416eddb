import type { TenantDatabase, TenantTransaction } from '@millrace/database';
import { DomainError, type RunId } from '@millrace/kernel';
import { isTerminalRunState, isTerminalTaskState } from '@millrace/contracts';
import type { ObjectStore } from '@millrace/object-store';
import {
  assembleLog,
  type AttemptPlace,
  findInstanceStanding,
  findLoggedAttempt,
  findRunStanding,
  hasEnded,
  isIncomplete,
  listLoggedAttempts,
  type LoggedAttempt,
  type LogItem,
  readLogChunks,
  type RunStanding,
} from '@millrace/runs';
import { type Caller, EdgeError, inReach } from '../../edge/index.js';

/** An item of a log and the attempt that it belongs to. */
export interface PlacedItem {
  readonly attempt: LoggedAttempt;
  readonly item: LogItem;
}

export interface AttemptLogSlice {
  readonly attempt: LoggedAttempt | undefined;
  readonly items: readonly LogItem[];
  /** Sequence number after which the next slice begins. */
  readonly after: number;
  readonly more: boolean;
  /** True where nothing more will come. */
  readonly complete: boolean;
  readonly incomplete: boolean;
}

/** Where in the log of a run the next slice begins. */
export interface RunLogPlace {
  readonly attemptId: string | undefined;
  readonly after: number;
}

export interface RunLogSlice {
  readonly items: readonly PlacedItem[];
  /** Absent where nothing follows. */
  readonly next: RunLogPlace | undefined;
  readonly complete: boolean;
  /** Attempts whose end this slice holds, and which may have written more. */
  readonly incomplete: readonly LoggedAttempt[];
}

/** Attempts that one slice of a run's log looks at. */
const attemptsPerSlice = 100;

/** Cuts logs into slices: the tables are read in short transactions, large chunks outside of them. */
export class LogPages {
  constructor(
    private readonly tenants: TenantDatabase,
    private readonly objects: ObjectStore,
  ) {}

  /**
   * A slice of the log of one attempt after `after`, of none where no attempt has begun yet.
   * @throws DomainError `run.not_found`, `task.not_found`, `attempt.not_found`, `task.mapped`
   */
  async ofAttempt(
    caller: Caller,
    place: AttemptPlace,
    { after, limit }: { readonly after: number; readonly limit: number },
  ): Promise<AttemptLogSlice> {
    const read = await this.tenants.read(caller.tenantId, async (tx) => {
      const run = inReach(caller, 'run', await findRunStanding(tx, place.runId));
      // Before its lines: where it has ended, they are all there.
      const attempt = await findLoggedAttempt(tx, place);
      if (attempt === undefined) return { attempt, complete: await this.isOver(tx, run, place) };
      return { attempt, chunks: await readLogChunks(tx, attempt.id, after, limit) };
    });
    const { attempt } = read;
    if (attempt === undefined) {
      return { attempt, items: [], after: 0, more: false, complete: read.complete, incomplete: false };
    }
    const slice = await assembleLog(this.objects, caller.tenantId, attempt, read.chunks, { after, limit });
    return {
      attempt,
      ...slice,
      complete: hasEnded(attempt) && !slice.more,
      incomplete: isIncomplete(attempt),
    };
  }

  /** A slice of the logs of all attempts of a run, one after the other in the order in which they began. */
  async ofRun(caller: Caller, runId: RunId, from: RunLogPlace, limit: number): Promise<RunLogSlice> {
    const { run, attempts } = await this.tenants.read(caller.tenantId, async (tx) => ({
      run: inReach(caller, 'run', await findRunStanding(tx, runId)),
      attempts: await listLoggedAttempts(tx, runId, { from: from.attemptId, limit: attemptsPerSlice + 1 }),
    }));
    const items: PlacedItem[] = [];
    const incomplete: LoggedAttempt[] = [];
    const result = (next: RunLogPlace | undefined): RunLogSlice => ({
      items,
      next,
      incomplete,
      complete: next === undefined && isTerminalRunState(run.state),
    });
    for (const attempt of attempts.slice(0, attemptsPerSlice)) {
      const range = { after: attempt.id === from.attemptId ? from.after : 0, limit: limit - items.length };
      if (range.limit === 0) return result({ attemptId: attempt.id, after: range.after });
      const chunks = await this.tenants.read(caller.tenantId, (tx) =>
        readLogChunks(tx, attempt.id, range.after, range.limit),
      );
      const slice = await assembleLog(this.objects, caller.tenantId, attempt, chunks, range);
      items.push(...slice.items.map((item) => ({ attempt, item })));
      if (slice.more) return result({ attemptId: attempt.id, after: slice.after });
      if (isIncomplete(attempt)) incomplete.push(attempt);
    }
    const next = attempts[attemptsPerSlice];
    return result(next === undefined ? undefined : { attemptId: next.id, after: 0 });
  }

  /** Whether no attempt will ever begin; the instance has none so far. */
  private async isOver(tx: TenantTransaction, run: RunStanding, place: AttemptPlace): Promise<boolean> {
    const instance = await findInstanceStanding(tx, place);
    if (instance === undefined) {
      const named = place.mapIndex < 0 ? `"${place.taskId}"` : `"${place.taskId}" with map index ${place.mapIndex}`;
      throw new DomainError('not_found', 'task.not_found', `the run has no task ${named}`);
    }
    if (place.mapIndex < 0 && (instance.mapLength ?? 0) > 0) {
      throw new EdgeError(400, 'task.mapped', `the task "${place.taskId}" is mapped: say which instance`, [
        {
          code: 'task.mapped',
          message: `mapIndex is needed, 0 to ${(instance.mapLength ?? 1) - 1}`,
          pointer: '/mapIndex',
        },
      ]);
    }
    if (place.fence !== undefined) {
      throw new DomainError('not_found', 'attempt.not_found', `the task has no attempt ${place.fence}`);
    }
    return isTerminalTaskState(instance.state) || isTerminalRunState(run.state);
  }
}
