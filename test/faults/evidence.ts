import type { Deeds } from './field.js';
import type { Recorded } from './recorder.js';
import type { AttemptRow, Rows } from './rows.js';
import type { Way } from './options.js';
import { movedLimitMs } from './strike-processes.js';

/** A killed runner's work has to be leased again within this, in the middle. */
export const recoveryLimitMs = 500;
/** A record may have been on its way when its lease ended. */
const underWayMs = 100;
/** Debts may be paid a moment after the last run has ended. */
const debtPatienceMs = 10_000;

export interface Spread {
  readonly n: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly max: number | null;
}

/** What only the rows tell: how soon things went on, what was repeated, what is still owed. */
export interface Evidence {
  /** From the kill of a runner to the next lease of each task that it lost, in milliseconds. */
  readonly recoveryMs: Spread;
  /** The first part of that: until the attempt was on record as lost. */
  readonly settledMs: Spread;
  /** How those that followed the lost ones reached their runners. */
  readonly recoveredBy: Readonly<Record<string, number>>;
  /** From Temporal's being ready to the next step of each run in flight, in milliseconds. */
  readonly movedMs: Spread;
  /** Attempts that were lost with their runner, and those whose code had begun. */
  readonly lostToKills: number;
  /** Tasks that began although their lease had ended before their offer came. */
  readonly ghosts: number;
  /** Rows of the outbox that Temporal is still owed. */
  readonly debts: number;
  readonly refusals: number;
  readonly ways: Readonly<Record<string, number>>;
  readonly findings: readonly string[];
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number | null => {
    const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    return value === undefined ? null : Math.round(value);
  };
  return { n: sorted.length, p50: at(0.5), p95: at(0.95), max: at(1) };
}

export async function gather(
  rows: Rows,
  way: Way,
  deeds: Deeds,
  runIds: readonly string[],
  recorded: readonly Recorded[],
  quick: boolean,
): Promise<Evidence> {
  const attempts = await rows.attemptsOfRuns(runIds);
  const findings = [...deeds.stuck];
  const { recoveries, settled, recoveredBy, lostToKills } = followVictims(deeds, attempts, findings);
  const recoveryMs = spreadOf(recoveries);
  if (!quick && recoveryMs.n >= 10 && (recoveryMs.p50 ?? 0) > recoveryLimitMs) {
    findings.push(`recovery takes ${recoveryMs.p50} ms in the middle, more than ${recoveryLimitMs}`);
  }
  const movedMs = spreadOf(deeds.movedMs);
  if ((movedMs.max ?? 0) > movedLimitMs) {
    findings.push(`a run moved on only ${movedMs.max} ms after Temporal was ready, more than ${movedLimitMs}`);
  }
  const ghosts = ghostsOf(deeds, attempts, recorded);
  findings.push(...ghosts);
  const debts = await unpaid(rows, findings);
  const taken: Record<string, number> = {};
  for (const attempt of attempts) {
    const name = attempt.stretchId === null ? attempt.way : 'in_stretch';
    taken[name] = (taken[name] ?? 0) + 1;
  }
  if ((taken[way] ?? 0) === 0) findings.push(`no attempt was ${way}`);
  return {
    recoveryMs,
    settledMs: spreadOf(settled),
    recoveredBy,
    movedMs,
    lostToKills,
    ghosts: ghosts.length,
    debts,
    refusals: await rows.refusals(),
    ways: taken,
    findings,
  };
}

/** A killed runner may cost one attempt for each lane that was live, and each of those goes on under the next fence. */
function followVictims(deeds: Deeds, attempts: readonly AttemptRow[], findings: string[]) {
  const recoveries: number[] = [];
  const settled: number[] = [];
  const recoveredBy: Record<string, number> = {};
  let lostToKills = 0;
  for (const { runner, killedMs, canRecover } of deeds.victims) {
    const own = attempts.filter(({ runnerId }) => runnerId === runner.id);
    const lost = own.filter(({ state, committedMs }) => state === 'lost' && (committedMs ?? 0) >= killedMs);
    lostToKills += lost.length;
    if (lost.length > runner.slots) {
      findings.push(`runner ${runner.id} had ${runner.slots} lanes and lost ${lost.length} attempts`);
    }
    for (const gone of lost) {
      const next = attempts.find(
        ({ runId, taskId, mapIndex, fence }) =>
          runId === gone.runId && taskId === gone.taskId && mapIndex === gone.mapIndex && fence === gone.fence + 1,
      );
      if (next === undefined) findings.push(`${gone.runId} ${gone.taskId} was lost and nobody took it again`);
      else if (canRecover) {
        recoveries.push(next.leasedMs - killedMs);
        settled.push((gone.committedMs ?? 0) - killedMs);
        const how = next.stretchId === null ? next.way : 'in_stretch';
        recoveredBy[how] = (recoveredBy[how] ?? 0) + 1;
      }
    }
  }
  return { recoveries, settled, recoveredBy, lostToKills };
}

function ghostsOf(deeds: Deeds, attempts: readonly AttemptRow[], recorded: readonly Recorded[]): string[] {
  return deeds.late.flatMap(({ attemptId }) => {
    const attempt = attempts.find(({ id }) => id === attemptId);
    if (attempt?.committedMs == null) return [];
    const { runId, taskId, mapIndex, fence, state, committedMs } = attempt;
    const began = recorded.find(
      (entry) =>
        entry.runId === runId && entry.taskId === taskId && entry.mapIndex === mapIndex && entry.fence === fence,
    );
    if (began === undefined || state === 'succeeded' || began.atMs <= committedMs + underWayMs) return [];
    const afterMs = Math.round(began.atMs - committedMs);
    return [`${runId} ${taskId}#${fence} began ${afterMs} ms after its lease had ended as ${state}`];
  });
}

async function unpaid(rows: Rows, findings: string[]): Promise<number> {
  const until = Date.now() + debtPatienceMs;
  for (;;) {
    const debts = await rows.debts();
    const count = debts.reduce((sum, one) => sum + one.count, 0);
    if (count === 0) return 0;
    if (Date.now() > until) {
      findings.push(`Temporal is still owed ${debts.map(({ kind, count: n }) => `${n} ${kind}`).join(', ')}`);
      return count;
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
