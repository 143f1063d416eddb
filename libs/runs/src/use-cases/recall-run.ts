import type { InstanceRecord, RunRecord, TaskRecord, TaskSpec, TaskState } from '@millrace/contracts';
import type { TenantTransaction } from '@millrace/database';
import { DomainError, type VersionId } from '@millrace/kernel';
import type { VersionCache } from '@millrace/pipelines';
import {
  type BegunInstance,
  type InstanceAttempt,
  readBegunInstances,
  readInstanceEnds,
  readOpenAttempts,
  readTaskRows,
  readWaitingIndices,
  type TaskRow,
} from '../adapters/pg/pg-run-record.js';
import type { DecideTask } from './decide-task.js';

/** Tells a run from its rows, for the workflow that takes over from one that is gone. */
export class RecallRun {
  constructor(
    private readonly versions: VersionCache,
    private readonly decisions: Pick<DecideTask, 'execute'>,
    private readonly now: () => number = Date.now,
  ) {}

  /** @throws DomainError `run.not_found` */
  async execute(tx: TenantTransaction, runId: string): Promise<RunRecord> {
    const [run] = await tx.query<{ version_id: VersionId; seq: string; restarts: number; state: string }>(
      `select version_id, seq, restarts, state from runs where tenant_id = $1 and id = $2`,
      [tx.tenantId, runId],
    );
    if (run === undefined) throw new DomainError('not_found', 'run.not_found', `there is no run ${runId}`);
    const { spec } = await this.versions.get(tx, run.version_id);
    const rows = await readTaskRows(tx, runId);
    const ends = await readInstanceEnds(tx, runId);
    const begun = await readBegunInstances(tx, runId);
    const attempts = await readOpenAttempts(tx, runId);
    const tasks: TaskRecord[] = [];
    for (const row of rows) {
      const ofTask = {
        ends: ends.get(row.taskId) ?? { counts: {}, lastIndex: -1 },
        begun: begun.filter(({ taskId }) => taskId === row.taskId),
        attempts: attempts.filter(({ taskId }) => taskId === row.taskId),
      };
      const task = await this.recall(tx, runId, row, spec.tasks[row.taskId], ofTask);
      if (task !== undefined) tasks.push(task);
    }
    return { restarts: run.restarts, seq: Number(run.seq), running: run.state === 'running', tasks };
  }

  private async recall(
    tx: TenantTransaction,
    runId: string,
    row: TaskRow,
    spec: TaskSpec | undefined,
    known: KnownInstances,
  ): Promise<TaskRecord | undefined> {
    const { taskId, state, mapLength } = row;
    const expanded = mapLength !== null && mapLength > 0;
    const base = { taskId, state, ...(expanded ? { mapLength } : {}) };
    if (isOver(state)) return { ...base, ends: expanded ? known.ends.counts : { [state]: 1 }, open: [] };
    const open = instancesOf(known);
    if (!expanded && open.length === 0) return undefined;
    if (spec?.wait !== undefined) {
      const dueMs = await this.dueMs(tx, runId, row, spec, known.begun);
      const waiting = expanded ? await readWaitingIndices(tx, runId, taskId, mapLength) : [];
      const all = [...open, ...waiting.map(untouched)];
      return { ...base, ends: known.ends.counts, open: all.map((one) => ({ ...one, dueMs })) };
    }
    // Instances begin in order, so that one before the last that is known must have been about to.
    const last = Math.max(known.ends.lastIndex, ...open.map(({ mapIndex }) => mapIndex));
    const seen = new Set(open.map(({ mapIndex }) => mapIndex));
    const gaps = expanded
      ? await readWaitingIndices(tx, runId, taskId, last)
      : Array.from({ length: Math.max(0, last) }, (_, at) => at);
    return { ...base, ends: known.ends.counts, open: [...open, ...gaps.filter((at) => !seen.has(at)).map(untouched)] };
  }

  /** A wait goes on where it was: counted from its beginning, or to the moment that it is for. */
  private async dueMs(
    tx: TenantTransaction,
    runId: string,
    row: TaskRow,
    spec: TaskSpec,
    begun: readonly BegunInstance[],
  ): Promise<number> {
    const since = row.startedMs ?? begun[0]?.startedMs ?? this.now();
    if (spec.wait?.forMs !== undefined) return since + spec.wait.forMs;
    const { waitMs = 0 } = await this.decisions.execute(tx, runId, row.taskId);
    return this.now() + waitMs;
  }
}

interface KnownInstances {
  readonly ends: { readonly counts: Readonly<Partial<Record<TaskState, number>>>; readonly lastIndex: number };
  readonly begun: readonly BegunInstance[];
  readonly attempts: readonly InstanceAttempt[];
}

function isOver(state: TaskState): boolean {
  return (
    state !== 'waiting' && state !== 'queued' && state !== 'running' && state !== 'up_for_retry' && state !== 'sleeping'
  );
}

function untouched(mapIndex: number): InstanceRecord {
  return { mapIndex, state: 'waiting', tries: 0, dispatch: 0, losses: 0, unbegun: 0 };
}

/** Rows and attempts of what has begun: an attempt may be there without a row that tells of it, and the other way round. */
function instancesOf({ begun, attempts }: KnownInstances): InstanceRecord[] {
  const rows = new Map(begun.map((row) => [row.mapIndex, row]));
  const indices = new Set([...rows.keys(), ...attempts.map(({ mapIndex }) => mapIndex)]);
  return [...indices]
    .sort((a, b) => a - b)
    .map((mapIndex) => {
      const row = rows.get(mapIndex);
      const own = attempts.filter((one) => one.mapIndex === mapIndex);
      const [newest] = own;
      const ordered = row?.dispatch ?? 0;
      return {
        mapIndex,
        state: row?.state ?? 'queued',
        ...(row?.reason == null ? {} : { reason: row.reason }),
        tries: Math.max(row?.tries ?? 0, newest?.try ?? 0),
        dispatch: ordered,
        ...(newest === undefined ? {} : { attempt: attemptRecord(newest) }),
        // The newest is counted when it is settled, unless there was an order after it.
        ...lossesOf(newest !== undefined && newest.dispatch >= ordered ? own.slice(1) : own),
      };
    });
}

function attemptRecord(attempt: InstanceAttempt): NonNullable<InstanceRecord['attempt']> {
  const { state, dispatch, endedMs } = attempt;
  return { state, dispatch, try: attempt.try, ...(endedMs === null ? {} : { endedMs }) };
}

/** Newest first. */
function lossesOf(attempts: readonly InstanceAttempt[]): { losses: number; unbegun: number } {
  const end = attempts.findIndex(({ state }) => state !== 'lost' && state !== 'cancelled');
  const lost = end < 0 ? attempts : attempts.slice(0, end);
  const hadBegun = ({ reason }: InstanceAttempt): boolean => reason !== 'never_begun' && reason !== 'declined';
  const begun = lost.filter(hadBegun);
  const last = lost.findIndex(hadBegun);
  return { losses: begun.length, unbegun: last < 0 ? lost.length : last };
}
