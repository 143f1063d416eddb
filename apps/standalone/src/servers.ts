import { join } from 'node:path';
import {
  asSuperuser,
  ensureDatabase,
  ensureRole,
  type Postgres,
  type PostgresBinaries,
  postgresUrl,
  preparePlatformDatabase,
  startPostgres,
  startTemporal,
  type TemporalServer,
  writeRecord,
} from '@millrace/embedded';
import { storeFileName } from '@millrace/temporal/server';
import { backUp } from './backup/before-upgrade.js';
import type { InstanceFolder } from './instance-folder.js';
import type { Ports } from './ports.js';
import { during, type Say } from './progress.js';
import { applyMigrations, planSchema } from './schema.js';
import type { Passwords } from './secrets.js';
import type { Service } from './supervisor.js';

const database = 'millrace';

/** What the embedded servers of one instance are made from. */
export interface ServerContext {
  readonly folder: InstanceFolder;
  readonly ports: Ports;
  readonly passwords: Passwords;
  readonly binaries: PostgresBinaries;
  readonly say: Say;
}

/** URLs of the platform's database by role. */
export interface DatabaseUrls {
  readonly owner: string;
  readonly app: string;
  readonly control: string;
}

/** The database of the control plane in the embedded Postgres. */
export function embeddedDatabaseUrls({ ports, passwords }: ServerContext): DatabaseUrls {
  return {
    owner: postgresUrl(ports.postgres, 'millrace_owner', passwords.owner, database),
    app: postgresUrl(ports.postgres, 'millrace_app', passwords.app, database),
    control: postgresUrl(ports.postgres, 'millrace_control', passwords.control, database),
  };
}

async function startCluster(
  context: ServerContext,
  which: { name: 'postgres' | 'warehouse'; title: string; password: string; port: number; maxConnections: number },
  signal: AbortSignal,
): Promise<Postgres> {
  const { folder } = context;
  const home = folder.paths[which.name];
  return startPostgres({
    name: which.title,
    binaries: context.binaries,
    user: folder.user,
    dataFolder: join(home, 'data'),
    stateFile: join(folder.paths.state, `${which.name}.json`),
    logFile: join(folder.paths.logs, `${which.name}.log`),
    port: which.port,
    superuserPassword: which.password,
    maxConnections: which.maxConnections,
    signal,
  });
}

/** The control plane's Postgres with the schema of this release; data of an older one are backed up before. */
export function postgresService(context: ServerContext): Service {
  const { passwords, ports, folder } = context;
  const which = { name: 'postgres', title: 'Postgres', password: passwords.postgres, port: ports.postgres } as const;
  const start = async (signal: AbortSignal): Promise<Postgres> => {
    const server = await startCluster(context, { ...which, maxConnections: 200 }, signal);
    await stopOnFailure(server, () => preparePlatformDatabase(server.superuserUrl(), database, passwords));
    return server;
  };
  return {
    name: 'postgres',
    logFile: join(folder.paths.logs, 'postgres.log'),
    start: async (signal) => {
      const { owner } = embeddedDatabaseUrls(context);
      let server = await start(signal);
      const plan = await stopOnFailure(server, () => planSchema(owner));
      if (plan.kind === 'older') {
        await server.stop();
        await backUpData(context, plan);
        server = await start(signal);
      }
      await stopOnFailure(server, () => upgradeSchema(owner, context.say));
      return server;
    },
  };
}

async function stopOnFailure<T>(server: Postgres, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function backUpData({ folder, say }: ServerContext, plan: { from: string; to: string }): Promise<void> {
  say(`the data were written by an older release (${plan.from}); backing them up before the upgrade`);
  const parts = [folder.paths.postgres, folder.paths.temporal, folder.paths.keys, folder.paths.passwords];
  const backup = await during('copying the data', () => backUp(folder.paths.backups, parts, plan));
  say(`backup in ${backup}`);
}

/** The Postgres of the sample: customers' data never share a cluster with the control plane. */
export function warehouseService(context: ServerContext): Service {
  const { passwords, ports, folder } = context;
  const { warehouse: port } = ports;
  return {
    name: 'warehouse',
    logFile: join(folder.paths.logs, 'warehouse.log'),
    start: async (signal) => {
      const title = "the sample's Postgres";
      const which = { name: 'warehouse', title, password: passwords.warehouseSuperuser, port } as const;
      const server = await startCluster(context, { ...which, maxConnections: 50 }, signal);
      await asSuperuser(server.superuserUrl(), async (client) => {
        await ensureRole(client, 'warehouse', passwords.warehouse);
        await ensureDatabase(client, 'warehouse', 'warehouse');
      });
      const login = { user: 'warehouse', database: 'warehouse', password: passwords.warehouse };
      await writeRecord(join(folder.paths.state, 'warehouse-login.json'), { host: '127.0.0.1', port, ...login });
      return server;
    },
  };
}

export function temporalService(
  context: ServerContext,
  server: { readonly path: string; readonly serverVersion: string; readonly namespace: string },
): Service {
  const { folder, ports } = context;
  const logFile = join(folder.paths.logs, 'temporal.log');
  return {
    name: 'temporal',
    logFile,
    start: (signal): Promise<TemporalServer> =>
      startTemporal({
        binary: server.path,
        user: folder.user,
        ports: { grpc: ports.temporal, http: ports.temporalHttp, ui: ports.temporalUi, metrics: ports.temporalMetrics },
        namespace: server.namespace,
        storeFile: join(folder.paths.temporal, storeFileName(server.serverVersion)),
        stateFile: join(folder.paths.state, 'temporal.json'),
        logFile,
        signal,
      }),
  };
}

/** Applies what is missing and says what it was. */
export async function upgradeSchema(ownerUrl: string, say: Say): Promise<void> {
  const plan = await planSchema(ownerUrl);
  if (plan.kind === 'current') return;
  const { applied } = await during('preparing the database', () => applyMigrations(ownerUrl));
  say(plan.kind === 'empty' ? 'database prepared' : `database upgraded (${applied.join(', ')})`);
}
