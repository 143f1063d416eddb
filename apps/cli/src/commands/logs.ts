import type { Command } from 'commander';
import type { Act } from '../action.js';
import type { Cli } from '../cli.js';
import { Failure, Silent } from '../failure.js';
import { followRun, followTask } from '../logs/follow.js';
import { LogPrinter, type LogPlace } from '../logs/printer.js';
import { readRunLog, readTaskLog } from '../logs/read.js';
import { wholeNumber } from '../terminal/options.js';

interface LogsOptions {
  readonly follow?: boolean;
  readonly mapIndex?: number;
  readonly attempt?: number;
  readonly tail?: number;
  readonly timestamps?: boolean;
}

/** `logs <run> [task]`. */
export function addLogsCommand(program: Command, act: Act): void {
  program
    .command('logs <run> [task]')
    .summary('Print what tasks wrote')
    .description(
      'Prints the log of a run, or of one of its tasks. Lines that were written and are not there are named as gaps.',
    )
    .option('-f, --follow', 'Go on until the task or the run has ended.')
    .option('--map-index <number>', 'One instance of a mapped task.', wholeNumber(0))
    .option('--attempt <number>', 'This attempt of the task; the newest where absent.', wholeNumber(1))
    .option('--tail <lines>', 'The last lines only.', wholeNumber(0))
    .option('-t, --timestamps', 'Print when each line was written.')
    .action(act<[string, string | undefined, LogsOptions]>(logs));
}

async function logs(cli: Cli, run: string, task: string | undefined, options: LogsOptions): Promise<void> {
  if (task === undefined && (options.mapIndex !== undefined || options.attempt !== undefined)) {
    throw new Failure('usage', '--map-index and --attempt need a task');
  }
  const follow = options.follow === true;
  if (follow && options.tail !== undefined) throw new Failure('usage', '--tail and --follow cannot be combined');
  const printer = new LogPrinter(cli.output, {
    timestamps: options.timestamps === true,
    names: task === undefined,
    tail: options.tail,
  });
  const client = await cli.client(follow ? 'long' : 'short');
  const leaving = new AbortController();
  const leave = (): void => leaving.abort();
  process.once('SIGINT', leave);
  try {
    if (task === undefined) {
      await (follow ? followRun(client, run, printer, leaving.signal) : readRunLog(client, run, printer));
    } else {
      const place: LogPlace = { task, mapIndex: options.mapIndex, attempt: options.attempt };
      await (follow
        ? followTask(client, run, place, printer, leaving.signal)
        : readTaskLog(client, run, place, printer));
    }
  } catch (error) {
    if (leaving.signal.aborted) throw new Silent('interrupted');
    throw error;
  } finally {
    process.off('SIGINT', leave);
    printer.end();
  }
  if (leaving.signal.aborted) throw new Silent('interrupted');
}
