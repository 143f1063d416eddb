import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from './free-port.js';
import { asSuperuser, ensureDatabase, ensureRole } from './platform-database.js';
import { postgresBinaries } from './postgres-binaries.js';
import { type PostgresOptions, postgresUrl, startPostgres } from './postgres.js';
import { unprivilegedUser } from './unprivileged-user.js';

let folder: string;
let options: PostgresOptions;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-postgres-'));
  await chmod(folder, 0o711);
  const user = await unprivilegedUser();
  const [port = 0] = await freePorts(1);
  options = {
    name: 'the Postgres of this spec',
    binaries: await postgresBinaries(user, join(folder, 'programs')),
    user,
    dataFolder: join(folder, 'data'),
    stateFile: join(folder, 'postgres.json'),
    logFile: join(folder, 'postgres.log'),
    port,
    superuserPassword: 'spec',
  };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function value(url: string, sql: string): Promise<unknown> {
  return asSuperuser(url, async (client) => {
    const { rows } = await client.query<{ value: unknown }>(sql);
    return rows[0]?.value;
  });
}

describe('startPostgres', () => {
  it('keeps data over a SIGKILL and over a pid file that names a stranger', async () => {
    const first = await startPostgres(options);
    await asSuperuser(first.superuserUrl(), (client) => client.query('create table kept as select 7 as value'));
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    const pidFile = join(options.dataFolder, 'postmaster.pid');
    const [, ...rest] = (await readFile(pidFile, 'utf8')).split('\n');
    await writeFile(pidFile, [String(process.pid), ...rest].join('\n'));

    const second = await startPostgres(options);

    expect(await value(second.superuserUrl(), 'select value from kept')).toBe(7);
    await second.stop();
  });

  it('ends what an earlier start left running, and answers to passwords only', async () => {
    const first = await startPostgres(options);

    const second = await startPostgres(options);

    expect(await first.ended).toMatch(/exit code 0|signal/);
    const wrong = postgresUrl(options.port, 'postgres', 'guess', 'postgres');
    await expect(value(wrong, 'select 1 as value')).rejects.toThrow('password authentication failed');
    expect(await value(second.superuserUrl(), "select current_setting('fsync') as value")).toBe('on');
    await second.stop();
  });

  it('does not touch data on which another Postgres works', async () => {
    const first = await startPostgres(options);
    const [port = 0] = await freePorts(1);
    await expect(startPostgres({ ...options, port, stateFile: join(folder, 'other.json') })).rejects.toMatchObject({
      code: 'embedded.postgres_running',
    });
    await first.stop();
  });

  it('quotes the log when the start fails', async () => {
    const first = await startPostgres(options);
    const other = { ...options, dataFolder: join(folder, 'data2'), stateFile: join(folder, 'other.json') };
    await expect(startPostgres(other)).rejects.toThrow(/did not start .*Address already in use/s);
    await first.stop();
  });

  it('makes roles that row-level security binds, once', async () => {
    const server = await startPostgres(options);
    await asSuperuser(server.superuserUrl(), async (client) => {
      for (const password of ['one', 'two']) {
        await ensureRole(client, 'tenant', password);
        await ensureDatabase(client, 'things', 'tenant');
      }
    });
    const url = postgresUrl(options.port, 'tenant', 'two', 'things');
    const sql = `select rolsuper or rolbypassrls or rolcreaterole as value from pg_roles where rolname = current_user`;
    expect(await value(url, sql)).toBe(false);
    await server.stop();
  });
});
