import { existsSync } from 'node:fs';
import { rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@millrace/kernel';
import { environment, readStandaloneConfig, type StandaloneConfig } from './config.js';
import { deleteData, locateInstance, reapLeftovers, stopOrder } from './instance.js';
import { type InstanceFolder, makeFolders } from './instance-folder.js';
import { claimInstance, runningInstance } from './instance-lock.js';
import { npmParents, watchParents } from './parent-watch.js';
import { type PlatformUrls, startPlatform } from './platform.js';
import { say } from './progress.js';
import { writeStatus } from './status-file.js';
import { Supervisor } from './supervisor.js';
import { tourMarker, tourProgram, walkTour } from './walk-tour.js';

export interface StartOptions {
  readonly reset: boolean;
  readonly tour: boolean;
  /** True for the process that `--detach` left behind: it outlives the npm that started it. */
  readonly background: boolean;
}

const largeLogBytes = 20 * 1024 * 1024;

/** Keeps one old part of each log, so that no start begins with an endless file. */
async function rotateLogs(folder: InstanceFolder): Promise<void> {
  for (const name of [...stopOrder.flat(), 'standalone']) {
    const file = join(folder.paths.logs, `${name}.log`);
    const size = await stat(file).then(
      (facts) => facts.size,
      () => 0,
    );
    if (size > largeLogBytes) await rename(file, `${file}.1`);
  }
}

async function resetInstance(folder: InstanceFolder): Promise<void> {
  const other = await runningInstance(folder.paths.state);
  if (other !== undefined) {
    throw new DomainError(
      'conflict',
      'standalone.running',
      `Millrace runs here (pid ${other.pid}); stop it with \`npm run stop\` before you begin afresh`,
    );
  }
  await reapLeftovers(folder);
  await deleteData(folder);
  say(`began afresh: everything in ${folder.home} but its backups was deleted`);
}

function publishStatus(folder: InstanceFolder): {
  supervisor: Supervisor;
  publish: (ready: boolean, urls?: PlatformUrls) => void;
  settled: () => Promise<void>;
} {
  const startedAt = new Date().toISOString();
  let ready = false;
  let urls: PlatformUrls = { api: '', local: '', docs: '', temporalUi: null };
  let written = Promise.resolve();
  const write = (): void => {
    const processes = supervisor.states().map(({ name, state, pid, port, restarts }) => ({
      name,
      state,
      pid: pid ?? null,
      port: port ?? null,
      restarts,
    }));
    const status = { pid: process.pid, startedAt, ready, home: folder.home, urls, processes };
    written = written.then(() => writeStatus(folder.paths.state, status)).catch(() => undefined);
  };
  const supervisor = new Supervisor({ say, onChange: write });
  const publish = (isReady: boolean, where?: PlatformUrls): void => {
    ready = isReady;
    urls = where ?? urls;
    write();
  };
  return { supervisor, publish, settled: () => written };
}

async function firstTour(folder: InstanceFolder, apiUrl: string, signal: AbortSignal): Promise<void> {
  if (existsSync(tourMarker(folder)) || !existsSync(tourProgram)) return;
  const { succeeded } = await walkTour(folder, apiUrl, { json: false, signal });
  if (!succeeded && !signal.aborted) {
    say('the tour did not succeed; the platform stays up, repeat it with `npm run tour`');
  }
}

function announce(urls: PlatformUrls, config: StandaloneConfig, folder: InstanceFolder): void {
  const rows = [
    ['API', urls.api],
    ['API docs', urls.docs],
    ...(urls.temporalUi === null ? [] : [['Temporal UI', urls.temporalUi]]),
    ['data', folder.home],
  ];
  process.stdout.write('\n');
  for (const [name = '', value = ''] of rows) process.stdout.write(`  ${name.padEnd(12)} ${value}\n`);
  process.stdout.write(
    '\n  Ctrl-C stops it; `npm run status` shows its parts; `npm start -- --reset` begins afresh.\n\n',
  );
  if (config.allowNoIsolation) say('MILLRACE_ALLOW_NO_ISOLATION is set: tasks may run without a sandbox');
}

/** Starts the platform and resolves when it was told to stop and nothing of it runs any more. */
export async function start(options: StartOptions): Promise<void> {
  const config = readStandaloneConfig(environment);
  const folder = await locateInstance(config.home);
  if (options.reset) await resetInstance(folder);
  if (folder.insteadOf !== undefined) {
    say(`data are kept in ${folder.home}: the user ${folder.user?.name ?? ''} cannot enter ${folder.insteadOf}`);
  }
  await makeFolders(folder);
  const parents = await npmParents(environment['npm_lifecycle_event'] !== undefined && !options.background);
  const release = await claimInstance(folder.paths.state, parents, say);

  const giveUp = new AbortController();
  const { supervisor, publish, settled } = publishStatus(folder);
  const stopRequested = new Promise<string>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(signal));
    watchParents(parents, () => resolve('the command that started it ended'));
  });
  const stop = async (): Promise<void> => {
    giveUp.abort();
    publish(false);
    await supervisor.stop(stopOrder);
    await settled();
    await release();
  };
  // Stopping begins at the signal, also in the middle of a start, which then fails: that failure is of no interest.
  const stopped = stopRequested.then(async (reason) => {
    say(`stopping (${reason})`);
    await stop();
  });

  const begin = async (): Promise<void> => {
    if (await reapLeftovers(folder)) say('ended what an earlier platform left behind');
    await rotateLogs(folder);
    const urls = await startPlatform({ config, env: environment, folder, supervisor, say, signal: giveUp.signal });
    if (giveUp.signal.aborted) return;
    publish(true, urls);
    say('ready');
    if (options.tour) await firstTour(folder, urls.local, giveUp.signal);
    // In the background nobody reads this; whoever detached the platform tells where it is.
    if (!giveUp.signal.aborted && !options.background) announce(urls, config, folder);
  };
  try {
    // What a start waits for, such as a server that does not answer, must not hold up its own end.
    await Promise.race([begin(), stopped]);
  } catch (error) {
    if (!giveUp.signal.aborted) {
      await stop();
      throw error;
    }
  }
  await stopped;
  say('stopped');
}
