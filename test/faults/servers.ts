import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  canUse,
  databaseRoles,
  freePorts,
  type Postgres,
  postgresBinaries,
  type PostgresOptions,
  postgresUrl,
  preparePlatformDatabase,
  startPostgres,
  startTemporal,
  type TemporalServer,
  type TemporalServerOptions,
  type UnprivilegedUser,
  unprivilegedUser,
} from '@millrace/embedded';
import { TcpLink } from './tcp-link.js';

const run = promisify(execFile);
const database = 'millrace';
const namespace = 'millrace';

export type ServerName = 'postgres' | 'temporal';

/**
 * Postgres and Temporal as an operator brings them along, each behind a link: only so can the connections to them be
 * cut, and the moment at which a restarted one is ready be known.
 */
export class Servers {
  readonly links: Readonly<Record<ServerName, TcpLink>>;

  private constructor(
    private readonly folder: string,
    private readonly options: { readonly postgres: PostgresOptions; readonly temporal: TemporalServerOptions },
    private readonly passwords: Readonly<Record<'owner' | 'app' | 'control', string>>,
    private postgres: Postgres,
    private temporal: TemporalServer,
  ) {
    this.links = {
      postgres: new TcpLink(options.postgres.port),
      temporal: new TcpLink(options.temporal.ports.grpc),
    };
  }

  static async start(root: string): Promise<Servers> {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-faults-'));
    await chmod(folder, 0o711);
    try {
      const user = await unprivilegedUser();
      const [port, grpc, http, ui, metrics] = await freePorts(5);
      const ports = { grpc: grpc ?? 0, http: http ?? 0, ui: ui ?? 0, metrics: metrics ?? 0 };
      const options = {
        postgres: {
          name: 'postgres',
          binaries: await postgresBinaries(user, join(folder, 'postgres')),
          user,
          dataFolder: join(folder, 'database', 'data'),
          stateFile: join(folder, 'postgres.json'),
          logFile: join(folder, 'postgres.log'),
          port: port ?? 0,
          superuserPassword: secret(),
        },
        temporal: {
          binary: await temporalBinary(root, user, folder),
          user,
          ports,
          namespace,
          storeFile: join(folder, 'temporal', 'temporal.db'),
          stateFile: join(folder, 'temporal.json'),
          logFile: join(folder, 'temporal.log'),
        },
      };
      const passwords = { owner: secret(), app: secret(), control: secret() };
      const [postgres, temporal] = await Promise.all([
        startPostgres(options.postgres),
        startTemporal(options.temporal),
      ]);
      await preparePlatformDatabase(postgres.superuserUrl(), database, passwords);
      const servers = new Servers(folder, options, passwords, postgres, temporal);
      await servers.links.postgres.open();
      await servers.links.temporal.open();
      return servers;
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** What tells the platform to use them. */
  get environment(): Readonly<Record<string, string>> {
    const url = (role: 'owner' | 'app' | 'control'): string =>
      postgresUrl(this.links.postgres.port, databaseRoles[role], this.passwords[role], database);
    return {
      MILLRACE_DATABASE_URL: url('owner'),
      MILLRACE_APP_DATABASE_URL: url('app'),
      MILLRACE_CONTROL_DATABASE_URL: url('control'),
      MILLRACE_TEMPORAL_ADDRESS: `127.0.0.1:${this.links.temporal.port}`,
      MILLRACE_TEMPORAL_NAMESPACE: namespace,
    };
  }

  /** The database as its superuser reaches it, past the link. */
  get superuserUrl(): string {
    return this.postgres.superuserUrl(database);
  }

  pidOf(name: ServerName): number {
    return this[name].pid;
  }

  /** Ends it without a warning; resolves when it is gone. */
  async kill(name: ServerName): Promise<void> {
    const server = this[name];
    process.kill(server.pid, 'SIGKILL');
    await server.ended;
  }

  /** Starts it again on its data; resolves when it answers. */
  async restart(name: ServerName): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        if (name === 'postgres') this.postgres = await startPostgres(this.options.postgres);
        else this.temporal = await startTemporal(this.options.temporal);
        return;
      } catch (error) {
        // What the killed one left behind may need a moment to go.
        if (tries === 20) throw error;
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    }
  }

  async remove(): Promise<void> {
    for (const link of Object.values(this.links)) await link.close();
    await this.temporal.stop();
    await this.postgres.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function secret(): string {
  return randomBytes(18).toString('base64url');
}

/** The server that `npm start` would use. */
async function temporalBinary(root: string, user: UnprivilegedUser | undefined, folder: string): Promise<string> {
  const program = join(root, 'apps', 'standalone', 'dist', 'main.js');
  const { stdout } = await run(process.execPath, [program, 'find-temporal'], { cwd: root });
  const found = stdout.trim().split('\n').at(-1) ?? '';
  if (found === 'address') throw new Error('check:faults kills its Temporal server: unset TEMPORAL_ADDRESS');
  if (user === undefined || (await canUse(user, [found]))) return found;
  const copy = join(folder, 'temporal-server');
  await copyFile(found, copy);
  await chmod(copy, 0o755);
  return copy;
}
