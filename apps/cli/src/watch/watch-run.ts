import { answer, ApiError, type MillraceClient, type Schemas } from '@millrace/clients';
import type { Cli } from '../cli.js';
import { collect } from '../commands/listing.js';
import { Silent } from '../failure.js';
import { dollars, duration } from '../terminal/format.js';
import { forTerminal } from '../terminal/style.js';
import { onInterrupt } from './interrupts.js';
import { makeProgress, type Progress } from './progress.js';
import { endStates, RunModel } from './run-model.js';
import { stateWord } from './states.js';

type Run = Schemas['Run'];

/** Shows a run until it has ended and gives it; throws `Silent` where the reader leaves before. */
export async function watchRun(cli: Cli, client: MillraceClient, run: Run): Promise<Run> {
  const path = { run: run.id };
  const tasks = await collect(client.list('/v1/runs/{run}/tasks', { path, query: { limit: 200 } }));
  const model = new RunModel(run, [...new Set(tasks.map(({ taskId }) => taskId))]);
  const progress = makeProgress(cli.output, model);
  const leaving = new AbortController();
  const ignore = onInterrupt(cli.stdin.isTTY, {
    ask: () => progress.say('Press Ctrl-C again to cancel the run; else it goes on without you.'),
    leave: () => leaving.abort(),
    cancel: () => void cancel(client, run.id, progress),
  });
  try {
    for await (const event of client.runEvents(run.id, leaving.signal)) {
      model.apply(event);
      progress.update(event);
    }
  } catch (error) {
    if (!leaving.signal.aborted) throw error;
  } finally {
    ignore();
    progress.end();
  }
  if (leaving.signal.aborted) {
    cli.output.note(`The run goes on: millrace runs watch ${run.id}`);
    throw new Silent('interrupted');
  }
  return answer(client.api.GET('/v1/runs/{run}', { params: { path } }));
}

async function cancel(client: MillraceClient, run: string, progress: Progress): Promise<void> {
  progress.say('Cancelling…');
  try {
    await client.api.POST('/v1/runs/{run}:cancel', {
      params: { path: { run } },
      body: { reason: 'Ctrl-C in the command line' },
    });
  } catch (error) {
    // It ended in between, and the stream says how; anything else the reader has to know.
    if (!(error instanceof ApiError && error.status === 409)) {
      progress.say(`It could not be cancelled: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** Failures shown of one run. */
const maxFailures = 5;

/** Says how a run ended; throws `Silent` where it did not succeed. */
export async function reportEnd(cli: Cli, client: MillraceClient, run: Run): Promise<void> {
  const { output } = cli;
  const path = { run: run.id };
  const cost = await answer(client.api.GET('/v1/runs/{run}/cost', { params: { path } }));
  const failures = run.state === 'failed' ? await failuresOf(client, run.id) : [];
  const took = duration(Date.parse(run.endedAt ?? run.createdAt) - Date.parse(run.createdAt));
  output.result(
    { ...run, cost: { total: cost.total, split: cost.split, computeMs: cost.computeMs } },
    () => {
      const { style } = output;
      for (const { taskId, mapIndex, error, reason, fence } of failures.slice(0, maxFailures)) {
        const name = mapIndex < 0 ? taskId : `${taskId}[${mapIndex}]`;
        const text = error === null ? (reason ?? 'failed') : `${error.name}: ${error.message}`;
        output.line(`  ${style.red(name)} attempt ${fence}: ${forTerminal(text)}`);
        const index = mapIndex < 0 ? '' : ` --map-index ${mapIndex}`;
        output.line(style.dim(`    millrace logs ${run.id} ${taskId}${index}`));
      }
      if (failures.length > maxFailures) output.line(style.dim(`  … and ${failures.length - maxFailures} more`));
      const why = run.reason === null ? '' : ` (${forTerminal(run.reason)})`;
      output.line(
        `${run.pipeline} v${run.version} ${stateWord(run.state, style)}${why} in ${took}, ${dollars(cost.total)}`,
      );
    },
    run.id,
  );
  if (run.state !== 'succeeded') throw new Silent('failed');
}

async function failuresOf(client: MillraceClient, run: string): Promise<Schemas['Attempt'][]> {
  const attempts = await collect(
    client.list('/v1/runs/{run}/attempts', { path: { run }, query: { limit: 200 } }),
    1000,
  );
  // Of a task that was tried several times the last attempt says what it failed of.
  const last = new Map(attempts.map((attempt) => [`${attempt.taskId} ${attempt.mapIndex}`, attempt]));
  return [...last.values()].filter(({ state }) => state === 'failed' || state === 'timed_out' || state === 'lost');
}

/** Has the run ended? */
export function hasEnded(run: Run): boolean {
  return endStates.includes(run.state);
}
