import { environment, readStandaloneConfig } from './config.js';
import { locateInstance } from './instance.js';
import { runningInstance } from './instance-lock.js';
import { readStatus } from './status-file.js';

/** Prints whether the platform of this checkout runs and what its parts do; true when it is ready. */
export async function printStatus(asJson: boolean): Promise<boolean> {
  const { home } = readStandaloneConfig(environment);
  const folder = await locateInstance(home);
  const record = await runningInstance(folder.paths.state);
  const status = record === undefined ? undefined : await readStatus(folder.paths.state);
  const current = status?.pid === record?.pid ? status : undefined;
  if (asJson) {
    const facts = { running: record !== undefined, ready: false, home: folder.home, ...current };
    process.stdout.write(`${JSON.stringify(facts)}\n`);
  } else if (record === undefined) process.stdout.write(`Millrace is not running here (${folder.home}).\n`);
  else if (current === undefined) process.stdout.write(`Millrace is starting (pid ${record.pid}).\n`);
  else {
    const { urls, processes } = current;
    process.stdout.write(
      `Millrace ${current.ready ? 'is ready' : 'is not ready'} (pid ${current.pid}, data in ${current.home})\n`,
    );
    if (urls.api !== '') process.stdout.write(`  API ${urls.api}, docs ${urls.docs}\n`);
    if (urls.temporalUi !== null) process.stdout.write(`  Temporal UI ${urls.temporalUi}\n`);
    for (const { name, state, pid, port, restarts } of processes) {
      const place = port === null ? '' : `port ${port}`;
      process.stdout.write(
        `  ${name.padEnd(16)} ${state.padEnd(9)} ${String(pid ?? '').padEnd(8)} ${place.padEnd(11)} restarted ${restarts}×\n`,
      );
    }
  }
  return current?.ready === true;
}
