import { answer, type MillraceClient, type Schemas } from '@millrace/clients';
import { collect } from '../commands/listing.js';
import { endStates } from '../watch/run-model.js';
import type { LineSource, LogPlace, LogPrinter } from './printer.js';

/** Logs followed at once: each is a connection. */
const atOnce = 20;

/** Prints the log of one attempt until it has ended. */
export async function followTask(
  client: MillraceClient,
  run: string,
  { task, mapIndex, attempt }: LogPlace,
  printer: LogPrinter,
  signal: AbortSignal,
): Promise<void> {
  const source = { taskId: task, mapIndex: mapIndex ?? -1, attempt: attempt ?? 1 };
  const options = {
    ...(mapIndex === undefined ? {} : { mapIndex }),
    ...(attempt === undefined ? {} : { attempt }),
    signal,
  };
  await print(client, run, source, options, printer);
}

async function print(
  client: MillraceClient,
  run: string,
  source: LineSource,
  options: Parameters<MillraceClient['followLog']>[2],
  printer: LogPrinter,
): Promise<void> {
  for await (const item of client.followLog(run, source.taskId, options)) {
    if (item.kind === 'line') printer.line(item.line, source);
    else if (item.kind === 'gap') printer.gap(item.gap, source);
    else if (item.end.incomplete === true) printer.incomplete(source);
  }
}

/** Prints the logs of all attempts of a run, those that are to come included, until the run has ended. */
export async function followRun(
  client: MillraceClient,
  run: string,
  printer: LogPrinter,
  signal: AbortSignal,
): Promise<void> {
  const follower = new RunFollower(client, run, printer, signal);
  const begun = await answer(client.api.GET('/v1/runs/{run}', { params: { path: { run } } }));
  await follower.addKnown();
  if (!endStates.includes(begun.state)) {
    for await (const event of client.runEvents(run, signal)) {
      if (event.kind === 'attempt') {
        follower.add({ ...event.attempt, attempt: event.attempt.fence });
      } else if (event.kind === 'run' && endStates.includes(event.event.state)) break;
    }
    // An attempt may be over before the stream could tell that it runs.
    await follower.addKnown();
  }
  await follower.finished();
}

class RunFollower {
  private readonly seen = new Set<string>();
  private readonly waiting: LineSource[] = [];
  private readonly live = new Set<Promise<void>>();
  private failure: Error | undefined;

  constructor(
    private readonly client: MillraceClient,
    private readonly run: string,
    private readonly printer: LogPrinter,
    private readonly signal: AbortSignal,
  ) {}

  add(source: LineSource): void {
    const key = `${source.taskId} ${source.mapIndex} ${source.attempt}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    this.waiting.push(source);
    this.fill();
  }

  /** The attempts that there are. */
  async addKnown(): Promise<void> {
    const query = { limit: 200 };
    const attempts: Schemas['Attempt'][] = await collect(
      this.client.list('/v1/runs/{run}/attempts', { path: { run: this.run }, query, signal: this.signal }),
    );
    for (const { taskId, mapIndex, fence } of attempts) this.add({ taskId, mapIndex, attempt: fence });
  }

  async finished(): Promise<void> {
    while (this.live.size > 0) await Promise.race(this.live);
    if (this.failure !== undefined) throw this.failure;
  }

  private fill(): void {
    while (this.live.size < atOnce && !this.signal.aborted) {
      const source = this.waiting.shift();
      if (source === undefined) return;
      const { mapIndex, attempt } = source;
      const options = { ...(mapIndex < 0 ? {} : { mapIndex }), attempt, signal: this.signal };
      const work = print(this.client, this.run, source, options, this.printer)
        .catch((error: unknown) => {
          this.failure ??= error instanceof Error ? error : new Error(String(error));
        })
        .finally(() => {
          this.live.delete(work);
          this.fill();
        });
      this.live.add(work);
    }
  }
}
