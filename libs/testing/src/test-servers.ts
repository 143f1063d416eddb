import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@millrace/database';
import {
  canUse,
  freePorts,
  machineCacheFolder,
  postgresBinaries,
  preparePlatformDatabase,
  postgresUrl,
  startPostgres,
  startTemporal,
  unprivilegedUser,
} from '@millrace/embedded';
import { resolveTemporalServer } from '@millrace/temporal/server';
import { environment } from './config.js';

/** What a spec needs to know of the Postgres of this test run. */
export interface TestPostgres {
  readonly port: number;
  readonly superuserPassword: string;
  /** Password of the three roles of the platform. */
  readonly rolePassword: string;
  /** Database with the newest schema, to be cloned and never connected to. */
  readonly template: string;
}

/** What a spec needs to know of the Temporal server of this test run. */
export interface TestTemporal {
  readonly address: string;
  readonly namespace: string;
}

/** The servers of one test run, each started when first asked for. */
export interface TestServers {
  readonly postgres: () => Promise<TestPostgres>;
  readonly temporal: () => Promise<TestTemporal>;
  readonly stop: () => Promise<void>;
}

const template = 'millrace_template';

async function makeFolder(): Promise<string> {
  const user = await unprivilegedUser();
  for (const parent of [tmpdir(), '/var/tmp', '/tmp']) {
    const folder = await mkdtemp(join(parent, 'millrace-test-')).catch(() => undefined);
    if (folder === undefined) continue;
    await chmod(folder, 0o711);
    // A private TMPDIR is of no use to the user that runs Postgres.
    if (user === undefined || (await canUse(user, [parent]))) return folder;
    await rm(folder, { recursive: true });
  }
  throw new Error('no folder for temporary files could be made; set TMPDIR');
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** Prepares the servers; nothing runs before the first request. */
export function testServers(): TestServers {
  const stops: (() => Promise<void>)[] = [];
  const folder = once(async () => {
    const made = await makeFolder();
    stops.unshift(() => rm(made, { recursive: true, force: true }));
    return made;
  });

  const postgres = once(async (): Promise<TestPostgres> => {
    const home = await folder();
    const user = await unprivilegedUser();
    const [port = 0] = await freePorts(1);
    const superuserPassword = randomBytes(12).toString('hex');
    const rolePassword = randomBytes(12).toString('hex');
    const server = await startPostgres({
      name: 'the Postgres of the tests',
      binaries: await postgresBinaries(user, join(machineCacheFolder(environment), 'postgres')),
      user,
      dataFolder: join(home, 'postgres'),
      stateFile: join(home, 'postgres.json'),
      logFile: join(home, 'postgres.log'),
      port,
      superuserPassword,
      durable: false,
      maxConnections: 400,
    });
    stops.push(() => server.stop());
    const password = rolePassword;
    await preparePlatformDatabase(server.superuserUrl(), template, {
      owner: password,
      app: password,
      control: password,
    });
    await migrate(postgresUrl(port, 'millrace_owner', password, template));
    return { port, superuserPassword, rolePassword, template };
  });

  const temporal = once(async (): Promise<TestTemporal> => {
    const home = await folder();
    const found = await resolveTemporalServer({
      address: environment['TEMPORAL_ADDRESS'],
      binary: environment['TEMPORAL_BIN'],
      path: environment['PATH'] ?? '',
      cacheFolder: machineCacheFolder(environment),
      progress: (line) => process.stderr.write(`${line}\n`),
      env: environment,
    });
    const namespace = 'millrace-test';
    if (found.kind === 'address') return { address: found.address, namespace: 'default' };
    const [grpc = 0, http = 0, ui = 0, metrics = 0] = await freePorts(4);
    const server = await startTemporal({
      binary: found.path,
      user: undefined,
      ports: { grpc, http, ui, metrics },
      namespace,
      headless: true,
      stateFile: join(home, 'temporal.json'),
      logFile: join(home, 'temporal.log'),
    });
    stops.push(() => server.stop());
    return { address: server.address, namespace };
  });

  const stop = async (): Promise<void> => {
    // The folder was registered first and is removed last.
    for (const step of stops.reverse()) await step();
  };
  return { postgres, temporal, stop };
}
