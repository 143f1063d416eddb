import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { BuiltinContext } from '../builtin-context.js';
import { run, type SqlConfig, type SqlOutput } from './run.js';

describe('the sql task on a real Postgres', () => {
  let context: BuiltinContext;
  let directory: string;
  const notices: unknown[] = [];
  const abort = new AbortController();

  const ask = (config: Partial<SqlConfig>): Promise<SqlOutput> =>
    run({ connection: 'db', rows: 'all', maxRows: 1000, ...config }, context);
  const failure = (config: Partial<SqlConfig>): Promise<unknown> => ask(config).catch((error: unknown) => error);
  const file = async (text: string): Promise<string> => {
    const path = join(directory, `${Math.random().toString(36).slice(2)}.sql`);
    await writeFile(path, text);
    return path;
  };

  beforeAll(async () => {
    const { port, superuserPassword } = await postgresOfThisRun();
    context = {
      connections: {
        db: {
          type: 'postgres',
          host: '127.0.0.1',
          port,
          tls: 'disable',
          serverName: 'db.example',
          user: 'postgres',
          password: superuserPassword,
          database: 'postgres',
          options: {},
        },
      },
      signal: abort.signal,
      log: { info: (message) => notices.push(message), warn: () => undefined },
    };
    directory = await mkdtemp(join(tmpdir(), 'millrace-sql-'));
    await ask({ statement: 'create schema if not exists sql_task' });
  });
  afterAll(async () => {
    await ask({ statement: 'drop schema sql_task cascade' });
    await rm(directory, { recursive: true });
  });

  it('binds parameters and never pastes them', async () => {
    const hostile = "x'); drop schema sql_task; --";
    const { rows } = await ask({
      statement:
        'select $1::text as t, $2::int + 1 as n, $3::jsonb as j, $4::text[] as a, $5::jsonb as l, $6::json as e',
      params: [hostile, 41, { k: [1] }, ['p', 'q'], [{ k: 1 }, 2], []],
    });
    const two = await failure({ statement: 'select 1; select 2' });

    expect(rows).toEqual([{ t: hostile, n: 42, j: { k: [1] }, a: ['p', 'q'], l: [{ k: 1 }, 2], e: [] }]);
    expect(two).toMatchObject({ code: 'sql.42601', retryable: false });
  });

  it('loses no digit: int8 beyond 2^53 and numeric are text, times keep their microseconds', async () => {
    const { columns, rows } = await ask({
      statement: `select 42::int8 small, 9007199254740993::int8 large, 0.10::numeric exact, 1.5::float8 f, true b, null::text n,
        '2024-02-29'::date d, '2024-02-29 12:34:56.123456'::timestamp t, '2024-02-29 12:34:56.123456+05:30'::timestamptz tz,
        interval '1 day 2 hours' i, 'ab'::bytea raw, array[1,2]::int4[] list, 'NaN'::float8 nan`,
    });

    expect(rows).toEqual([
      {
        ...{ small: 42, large: '9007199254740993', exact: '0.10', f: 1.5, b: true, n: null },
        ...{ d: '2024-02-29', t: '2024-02-29T12:34:56.123456', tz: '2024-02-29T07:04:56.123456Z' },
        ...{ i: 'P1DT2H', raw: '\\x6162', list: [1, 2], nan: 'NaN' },
      },
    ]);
    expect(columns.slice(0, 3)).toEqual([
      { name: 'small', type: 'int8' },
      { name: 'large', type: 'int8' },
      { name: 'exact', type: 'numeric' },
    ]);
  });

  it('gives all rows, the first, or none, and refuses more than maxRows', async () => {
    const statement = 'select n from generate_series(1, 5) n';
    const shapes = await Promise.all((['all', 'first', 'none'] as const).map((rows) => ask({ statement, rows })));
    const many = await failure({ statement: 'select n from generate_series(1, 100000) n', maxRows: 10 });

    expect(shapes.map((shape) => [shape.rowCount, shape.rows?.length])).toEqual([
      [5, 5],
      [5, 1],
      [5, undefined],
    ]);
    expect(many).toMatchObject({ code: 'sql.too_many_rows', retryable: false });
  });

  it('runs a file in one transaction: all of it or nothing', async () => {
    const good = await ask({
      file: await file(
        `create table sql_task.t (n int); insert into sql_task.t values (1), (2); do $$ begin raise notice 'loaded'; end $$; select count(*) as n from sql_task.t;`,
      ),
    });
    const bad = await failure({
      file: await file('insert into sql_task.t values (3); insert into sql_task.t values (1/0);'),
    });
    const after = await ask({ statement: 'select count(*) as n from sql_task.t' });
    const missing = await failure({ file: '/bundle/none.sql' });

    expect(good).toMatchObject({ rowCount: 1, rows: [{ n: 2 }] });
    expect(notices).toContain('NOTICE: loaded');
    expect(bad).toMatchObject({ code: 'sql.22012', retryable: false });
    expect(after.rows).toEqual([{ n: 2 }]);
    expect(missing).toMatchObject({ code: 'sql.no_file' });
  });

  it('says what the database says, with its class', async () => {
    await ask({ statement: 'create table if not exists sql_task.u (n int primary key)' });
    await ask({ statement: 'insert into sql_task.u values (1)' });
    const unique = await failure({ statement: 'insert into sql_task.u values (1)' });
    const relation = await failure({ statement: 'select * from sql_task.nowhere' });
    const serialization = await failure({
      statement: "do $$ begin raise exception 'again' using errcode = '40001'; end $$",
    });
    const connection = await failure({ connection: 'other', statement: 'select 1' });

    expect(unique).toMatchObject({ name: 'SqlError', code: 'sql.23505', retryable: false });
    expect((unique as Error).message).toContain('Key (n)=(1) already exists.');
    expect(relation).toMatchObject({ code: 'sql.42P01', retryable: false });
    expect(serialization).toMatchObject({ code: 'sql.40001', retryable: true });
    expect(connection).toMatchObject({ code: 'sql.no_connection' });
  });

  it('can be tried again where the server is not reached', async () => {
    const db = context.connections['db'];
    const closed = { ...context, connections: { ...(db === undefined ? {} : { db: { ...db, port: 1 } }) } };
    const error = await run({ connection: 'db', statement: 'select 1', rows: 'all', maxRows: 1 }, closed).catch(
      (thrown: unknown) => thrown,
    );

    expect(error).toMatchObject({ code: 'sql.08006', retryable: true });
  });
});

/** The Postgres of the test run is asked for over a Unix socket. */
function postgresOfThisRun(): Promise<{ port: number; superuserPassword: string }> {
  const socketPath = inject('testServers' as never) as string;
  return new Promise((resolve, reject) => {
    get({ socketPath, path: '/postgres' }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () =>
        answer.statusCode === 200
          ? resolve(JSON.parse(text) as { port: number; superuserPassword: string })
          : reject(new Error(text)),
      );
    }).on('error', reject);
  });
}
