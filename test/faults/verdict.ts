import { type HttpClient } from '@millrace/clients';
import type { Recorded } from './recorder.js';
import { expectations } from './workload.js';

/** A run that the API acknowledged, as the driver wrote it down outside the platform. */
export interface Acknowledged {
  readonly runId: string;
  readonly pipeline: string;
}

interface RunView {
  readonly id: string;
  readonly state: string;
  readonly reason: string | null;
}

interface TaskView {
  readonly taskId: string;
  readonly state: string;
  readonly reason: string | null;
}

interface AttemptView {
  readonly id: string;
  readonly taskId: string;
  readonly mapIndex: number;
  readonly fence: number;
  readonly try: number;
  readonly state: string;
  readonly reason: string | null;
  readonly error: { readonly message: string } | null;
}

interface OutputView {
  readonly fence: number;
  readonly nonce: string;
  readonly place?: number;
  readonly given?: readonly string[];
}

interface LedgerView {
  readonly attemptId: string | null;
  readonly meter: string;
  readonly category: string;
  readonly amount: { readonly nanoUsd: string };
}

export interface Verdict {
  /** Acknowledged runs that did not end as their plan says. */
  readonly lost: number;
  /** Task instances whose result was accepted more than once, or whose output is not of the attempt that succeeded. */
  readonly doubled: number;
  /** Attempts that the recorder saw and the platform does not report. */
  readonly unreported: number;
  /** Task instances that ran again without a lost attempt that explains it, or after their success. */
  readonly repeated: number;
  readonly ledgerEqual: boolean;
  readonly slotsHeld: number;
  /** Every finding in words. */
  readonly findings: readonly string[];
}

const instance = (of: { taskId: string; mapIndex: number }): string =>
  of.mapIndex < 0 ? of.taskId : `${of.taskId}[${of.mapIndex}]`;

async function all<T>(items: AsyncGenerator<T>): Promise<T[]> {
  const result: T[] = [];
  for await (const item of items) result.push(item);
  return result;
}

class Examination {
  readonly findings: string[] = [];
  lost = 0;
  doubled = 0;
  unreported = 0;
  repeated = 0;
  ledgerEqual = true;

  constructor(
    private readonly client: HttpClient,
    private readonly givenUp: readonly string[],
    private readonly recorded: readonly Recorded[],
  ) {}

  async run(acknowledged: Acknowledged, ledger: ReadonlyMap<string, readonly LedgerView[]>): Promise<void> {
    const { runId, pipeline } = acknowledged;
    const expected = expectations[pipeline];
    if (expected === undefined) throw new Error(`no expectation of ${pipeline}`);
    const run = await this.client.get<RunView>(`/v1/runs/${runId}`);
    const attempts = await all(this.client.list<AttemptView>(`/v1/runs/${runId}/attempts`));
    if (run.state !== expected.state) {
      this.lost += 1;
      const failed = attempts.filter((attempt) => attempt.state === 'failed').at(-1);
      const tasks = await all(this.client.list<TaskView>(`/v1/runs/${runId}/tasks`));
      const stated = tasks.map(({ taskId, state, reason }) => `${taskId} ${state} (${reason ?? ''})`).join(', ');
      const why = `: ${failed?.reason ?? ''} ${failed?.error?.message ?? ''}; ${stated}`;
      this.findings.push(
        `${runId} (${pipeline}) is ${run.state} (${run.reason ?? 'no reason'}), not ${expected.state}${why}`,
      );
    }
    for (const attempt of attempts.filter((each) => this.givenUp.includes(each.id) && each.state !== 'lost')) {
      this.doubled += 1;
      this.findings.push(`${runId} ${instance(attempt)}#${attempt.fence} was lost and is ${attempt.state} now`);
    }
    await this.successes(runId, expected.succeeded, attempts);
    this.seen(runId, attempts);
    this.explained(runId, attempts);
    this.charged(runId, attempts, ledger);
  }

  private async successes(runId: string, wanted: readonly string[], attempts: readonly AttemptView[]): Promise<void> {
    const succeeded = new Map<string, AttemptView[]>();
    for (const attempt of attempts.filter((each) => each.state === 'succeeded')) {
      succeeded.set(instance(attempt), [...(succeeded.get(instance(attempt)) ?? []), attempt]);
    }
    for (const [name, of] of succeeded) {
      if (of.length > 1) {
        this.doubled += 1;
        this.findings.push(`${runId} ${name}: ${of.length} attempts succeeded`);
      }
    }
    const accepted: { readonly name: string; readonly output: OutputView }[] = [];
    for (const name of wanted) {
      const attempt = succeeded.get(name)?.[0];
      if (attempt === undefined) {
        this.lost += 1;
        this.findings.push(`${runId} ${name}: no attempt succeeded`);
        continue;
      }
      accepted.push({ name, output: await this.output(runId, name, attempt) });
    }
    this.handedOn(runId, accepted);
  }

  /** What a task was given must be the output that counts, not that of an attempt which was lost. */
  private handedOn(runId: string, accepted: readonly { readonly name: string; readonly output: OutputView }[]): void {
    const nonces = new Set(accepted.map(({ output }) => output.nonce));
    for (const { name, output } of accepted) {
      for (const nonce of output.given ?? []) {
        if (nonces.has(nonce)) continue;
        this.doubled += 1;
        this.findings.push(`${runId} ${name}: was given an output that does not count`);
      }
      const place = /^s(\d+)$/.exec(name)?.[1];
      if (place === undefined || output.place === Number(place)) continue;
      this.lost += 1;
      this.findings.push(`${runId} ${name}: is at place ${output.place ?? 'none'} of its chain`);
    }
  }

  /** The output must be the one that the attempt returned whose success was accepted. */
  private async output(runId: string, name: string, attempt: AttemptView): Promise<OutputView> {
    const output = await this.client.get<OutputView>(
      `/v1/runs/${runId}/tasks/${attempt.taskId}/output`,
      attempt.mapIndex < 0 ? {} : { query: { mapIndex: attempt.mapIndex } },
    );
    const record = this.recorded.find(
      (each) => each.runId === runId && instance(each) === name && each.nonce === output.nonce,
    );
    if (record === undefined || record.fence !== attempt.fence || output.fence !== attempt.fence) {
      this.doubled += 1;
      this.findings.push(`${runId} ${name}: the output is not that of the attempt that succeeded`);
    }
    return output;
  }

  /** What ran must be reported: an attempt for each fence that the recorder saw, each seen once. */
  private seen(runId: string, attempts: readonly AttemptView[]): void {
    const fences = new Set(attempts.map((attempt) => `${instance(attempt)}#${attempt.fence}`));
    const counts = new Map<string, number>();
    for (const record of this.recorded.filter((each) => each.runId === runId)) {
      const key = `${instance(record)}#${record.fence}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    for (const [key, count] of counts) {
      if (!fences.has(key)) {
        this.unreported += 1;
        this.findings.push(`${runId} ${key} ran and is not among its attempts`);
      }
      if (count > 1) {
        this.doubled += 1;
        this.findings.push(`${runId} ${key} ran ${count} times under one fence`);
      }
    }
  }

  /** A try begins once, and once more for each of its attempts that was lost; nothing begins after its success. */
  private explained(runId: string, attempts: readonly AttemptView[]): void {
    const records = this.recorded.filter((each) => each.runId === runId);
    for (const name of new Set(attempts.map(instance))) {
      const own = attempts.filter((attempt) => instance(attempt) === name);
      const began = records.filter((record) => instance(record) === name);
      for (const tried of new Set(began.map((record) => record.try))) {
        const starts = began.filter((record) => record.try === tried).length;
        const lost = own.filter((attempt) => attempt.try === tried && attempt.state === 'lost').length;
        if (starts <= lost + 1) continue;
        this.repeated += 1;
        this.findings.push(
          `${runId} ${name}: try ${tried} began ${starts} times, and ${lost} attempts of it were lost`,
        );
      }
      const success = own.find((attempt) => attempt.state === 'succeeded');
      if (success === undefined || !own.some((attempt) => attempt.fence > success.fence)) continue;
      this.repeated += 1;
      this.findings.push(`${runId} ${name}: was leased again after its success`);
    }
  }

  /** One `compute_ms` entry an attempt; what costs money was seen by the recorder. */
  private charged(
    runId: string,
    attempts: readonly AttemptView[],
    ledger: ReadonlyMap<string, readonly LedgerView[]>,
  ): void {
    for (const attempt of attempts) {
      const entries = (ledger.get(attempt.id) ?? []).filter((entry) => entry.meter === 'compute_ms');
      if (entries.length !== 1) {
        this.ledgerEqual = false;
        this.findings.push(`${runId} ${instance(attempt)}#${attempt.fence}: ${entries.length} compute entries`);
      }
      const paid = entries.some((entry) => entry.amount.nanoUsd !== '0');
      const ran = this.recorded.some(
        (each) => each.runId === runId && instance(each) === instance(attempt) && each.fence === attempt.fence,
      );
      if (paid && !ran) {
        this.ledgerEqual = false;
        this.findings.push(`${runId} ${instance(attempt)}#${attempt.fence} is charged and never ran`);
      }
    }
  }
}

/** Holds what the platform says against what the driver and the recorder saw; `givenUp` are ids of lost attempts. */
export async function judge(
  client: HttpClient,
  acknowledged: readonly Acknowledged[],
  givenUp: readonly string[],
  recorded: readonly Recorded[],
): Promise<Verdict> {
  const ledger = new Map<string, LedgerView[]>();
  for await (const entry of client.list<LedgerView>('/v1/ledger')) {
    if (entry.attemptId === null) continue;
    ledger.set(entry.attemptId, [...(ledger.get(entry.attemptId) ?? []), entry]);
  }
  const examination = new Examination(client, givenUp, recorded);
  for (const run of acknowledged) await examination.run(run, ledger);
  const pools = await all(client.list<{ name: string; slotsInUse: number }>('/v1/pools'));
  const slotsHeld = pools.reduce((sum, pool) => sum + pool.slotsInUse, 0);
  if (slotsHeld > 0) examination.findings.push(`${slotsHeld} slots are held by nobody`);
  return {
    lost: examination.lost,
    doubled: examination.doubled,
    unreported: examination.unreported,
    repeated: examination.repeated,
    ledgerEqual: examination.ledgerEqual,
    slotsHeld,
    findings: examination.findings,
  };
}
