import type { HttpClient } from '@millrace/clients';
import { count, type Taken, type TakenWay } from './variants.js';

export interface RunView {
  readonly id: string;
  readonly state: string;
  readonly reason: string | null;
}

export interface InstanceView {
  readonly taskId: string;
  readonly mapIndex: number;
  readonly state: string;
  readonly reason: string | null;
  readonly mapLength: number | null;
  readonly instances: Readonly<Record<string, number>> | null;
  readonly tries: number;
}

export interface AttemptView extends TakenWay {
  readonly id: string;
  readonly taskId: string;
  readonly mapIndex: number;
  readonly fence: number;
  readonly try: number;
  readonly maxTries: number;
  readonly state: string;
  readonly reason: string | null;
  readonly retryable: boolean | null;
  readonly error: { readonly name: string; readonly message: string } | null;
  readonly startedAt: string | null;
  readonly wallMs: number | null;
}

export interface LedgerView {
  readonly attemptId: string | null;
  readonly taskId: string | null;
  readonly mapIndex: number | null;
  readonly kind: string;
  readonly meter: string;
  readonly quantity: number;
  readonly category: string;
}

interface OutputView {
  readonly taskId: string;
  readonly mapIndex: number;
  readonly text: string | null;
}

interface LineView {
  readonly attemptId: string;
  readonly seq?: number;
  readonly stream?: string;
  readonly text?: string;
}

/** Everything that the API tells of a run that has ended. */
export interface Told {
  readonly run: RunView;
  readonly instances: readonly InstanceView[];
  readonly attempts: readonly AttemptView[];
  readonly outputs: ReadonlyMap<string, string>;
  readonly lines: readonly LineView[];
  readonly ledger: readonly LedgerView[];
}

export const keyOf = (of: { readonly taskId: string; readonly mapIndex: number }): string =>
  of.mapIndex < 0 ? of.taskId : `${of.taskId}[${of.mapIndex}]`;

async function all<T>(items: AsyncGenerator<T>): Promise<T[]> {
  const result: T[] = [];
  for await (const item of items) result.push(item);
  return result;
}

/** Reads a run that has ended; its last rows may come a moment after its end. */
export async function readRun(client: HttpClient, runId: string): Promise<Told> {
  const at = `/v1/runs/${runId}`;
  const run = await client.get<RunView>(at);
  const [tasks, attempts, outputs, lines, ledger] = await Promise.all([
    all(client.list<InstanceView>(`${at}/tasks`)),
    all(client.list<AttemptView>(`${at}/attempts`)),
    readOutputs(client, at),
    readLines(client, at),
    all(client.list<LedgerView>('/v1/ledger', { query: { run: runId } })),
  ]);
  const mapped = tasks.filter(({ mapIndex, mapLength }) => mapIndex < 0 && mapLength !== null);
  const members = await Promise.all(
    mapped.map(({ taskId }) => all(client.list<InstanceView>(`${at}/tasks`, { query: { task: taskId } }))),
  );
  const instances = new Map([...tasks, ...members.flat()].map((one) => [keyOf(one), one]));
  return { run, instances: [...instances.values()], attempts, outputs, lines, ledger };
}

async function readOutputs(client: HttpClient, at: string): Promise<ReadonlyMap<string, string>> {
  const outputs = new Map<string, string>();
  for (const { taskId, mapIndex, text } of await all(client.list<OutputView>(`${at}/outputs`))) {
    const whole = async (): Promise<string> => {
      const query = mapIndex < 0 ? {} : { mapIndex };
      return (await client.raw('GET', `${at}/tasks/${taskId}/output`, { query })).text();
    };
    outputs.set(keyOf({ taskId, mapIndex }), text ?? (await whole()));
  }
  return outputs;
}

async function readLines(client: HttpClient, at: string): Promise<LineView[]> {
  const lines: LineView[] = [];
  let cursor: string | undefined;
  for (;;) {
    const query = { limit: 1000, ...(cursor === undefined ? {} : { cursor }) };
    const page = await client.get<{ data: LineView[]; complete: boolean; nextCursor: string | null }>(`${at}/logs`, {
      query,
    });
    lines.push(...page.data);
    if (page.complete || page.nextCursor === null || page.data.length === 0) return lines;
    cursor = page.nextCursor;
  }
}

/**
 * A lease that its runner gave back before anything began, at no cost: what it has in hand is known to it a moment before
 * it is known to the platform. Which attempts meet with that is a matter of the moment; everything else about them is not.
 */
export function isIdle({ state, startedAt, reason }: AttemptView): boolean {
  return state === 'lost' && startedAt === null && reason === 'declined';
}

/** What has to be the same whichever way the attempts took. */
export type Answer = Readonly<Record<AnswerPart, unknown>>;
export const answerParts = ['run', 'instances', 'attempts', 'outputs', 'log', 'ledger'] as const;
export type AnswerPart = (typeof answerParts)[number];

/** The answer of a run, without what may differ: ids, times, amounts of time, ways, the order among instances. */
export function answerOf(told: Told): Answer {
  const attempts = told.attempts.filter((attempt) => !isIdle(attempt)).sort((a, b) => a.fence - b.fence);
  const keys = [...new Set([...told.instances, ...attempts].map(keyOf))].sort();
  const perKey = <T>(part: (key: string, own: readonly AttemptView[]) => T): Record<string, T> =>
    Object.fromEntries(
      keys.map((key) => [
        key,
        part(
          key,
          attempts.filter((attempt) => keyOf(attempt) === key),
        ),
      ]),
    );
  return {
    run: { state: told.run.state, reason: told.run.reason },
    instances: perKey((key) => {
      const instance = told.instances.find((one) => keyOf(one) === key);
      if (instance === undefined) return null;
      const { state, reason, mapLength, instances, tries } = instance;
      return { state, reason, mapLength, instances: sorted(instances), tries };
    }),
    attempts: perKey((_, own) =>
      own.map(({ try: tried, maxTries, state, reason, retryable, error }) => {
        const what = error === null ? null : { name: error.name, message: error.message };
        return { try: tried, maxTries, state, reason, retryable, error: what };
      }),
    ),
    outputs: perKey((key) => told.outputs.get(key) ?? null),
    log: perKey((_, own) => own.map(({ id }) => linesOf(told.lines, id))),
    ledger: perKey((key, own) => chargesOf(told.ledger, key, own)),
  };
}

function sorted(counts: Readonly<Record<string, number>> | null): Record<string, number> | null {
  if (counts === null) return null;
  const present = Object.entries(counts).filter(([, number]) => number > 0);
  return Object.fromEntries(present.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The streams are pipes of their own: which of two lines on different ones comes first is a matter of the moment. */
function linesOf(lines: readonly LineView[], attemptId: string): Record<string, unknown> {
  const own = lines.filter((line) => line.attemptId === attemptId).sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
  const on = (stream: string) => own.filter((line) => line.stream === stream).map(({ text }) => text);
  const missing = own.filter(({ seq }, at) => seq !== at + 1).length;
  return { missing, stdout: on('stdout'), stderr: on('stderr'), system: on('system') };
}

function chargesOf(ledger: readonly LedgerView[], key: string, own: readonly AttemptView[]): unknown {
  const usage = ledger.filter(({ kind }) => kind === 'usage');
  const runs = usage.filter(
    ({ meter, taskId, mapIndex }) =>
      meter === 'task_run' && keyOf({ taskId: taskId ?? '', mapIndex: mapIndex ?? -1 }) === key,
  );
  const compute = own.map(({ id }) =>
    usage.filter(({ attemptId, meter }) => attemptId === id && meter === 'compute_ms').map(({ category }) => category),
  );
  return { task_run: runs.map(({ quantity }) => quantity), compute };
}

/** Parts in which two answers differ. */
export function differences(a: Answer, b: Answer): AnswerPart[] {
  return answerParts.filter((part) => JSON.stringify(a[part]) !== JSON.stringify(b[part]));
}

export function countWays(taken: Taken, told: Told): void {
  count(
    taken,
    told.attempts.filter((attempt) => !isIdle(attempt)),
  );
}
