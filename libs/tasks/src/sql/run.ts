import { readFile } from 'node:fs/promises';
import { checkServerIdentity, type ConnectionOptions } from 'node:tls';
import pg from 'pg';
import { type BuiltinConnection, type BuiltinContext, BuiltinError } from '../builtin-context.js';
import { findRetryClass } from '../retry-class.js';
import { sqlRetryClasses } from './retry-classes.js';
import { exactTypes, jsonTypes, typeName } from './values.js';

export interface SqlConfig {
  readonly connection: string;
  readonly statement?: string;
  readonly file?: string;
  readonly params?: readonly unknown[];
  readonly rows: 'none' | 'first' | 'all';
  readonly maxRows: number;
}

export interface SqlOutput {
  /** Rows returned or changed by the (last) statement. */
  readonly rowCount: number;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Left out where `rows` is `none`. */
  readonly rows?: readonly Readonly<Record<string, unknown>>[];
}

interface Fetched {
  readonly rowCount: number;
  readonly fields: readonly pg.FieldDef[];
  readonly rows: readonly Record<string, unknown>[];
}

/** Runs the statement or file inside the sandbox: the guard and the memory limit hold for it as for the user's code. */
export async function run(config: SqlConfig, context: BuiltinContext): Promise<SqlOutput> {
  const connection = context.connections[config.connection];
  if (connection === undefined) {
    throw new BuiltinError(
      'SqlError',
      'sql.no_connection',
      `the task declares no connection "${config.connection}"`,
      false,
    );
  }
  const client = new pg.Client(clientConfig(connection));
  // The error of a lost connection also reaches the query that waits for it.
  client.on('error', () => undefined);
  client.on('notice', (notice) => context.log.info(`${notice.severity ?? 'NOTICE'}: ${notice.message ?? ''}`));
  const stop = (): void => cancelQuery(connection, client);
  try {
    await client.connect();
    // Ask the server to stop: a closed connection alone lets the statement run to its end.
    context.signal.addEventListener('abort', stop, { once: true });
    await client.query(sessionSettings);
    const fetched =
      config.file === undefined
        ? await runStatement(
            client,
            config.statement ?? '',
            await bindable(client, config.statement ?? '', config.params ?? []),
            config,
          )
        : await runFile(client, await readFile(config.file, 'utf8'), config.maxRows);
    return toOutput(fetched, config.rows);
  } catch (error) {
    throw describe(error, config);
  } finally {
    context.signal.removeEventListener('abort', stop);
    await client.end().catch(() => undefined);
  }
}

/** The last one makes the server notice a client that was killed; servers before 14 do not have it. */
const sessionSettings = `set time zone 'UTC'; set datestyle to 'ISO'; set intervalstyle to 'iso_8601';
  select set_config(name, '2000', false) from pg_settings where name = 'client_connection_check_interval'`;

function toOutput({ rowCount, fields, rows }: Fetched, wanted: SqlConfig['rows']): SqlOutput {
  const columns = fields.map((field) => ({ name: field.name, type: typeName(field.dataTypeID) }));
  if (wanted === 'none') return { rowCount, columns };
  return { rowCount, columns, rows: wanted === 'first' ? rows.slice(0, 1) : rows };
}

/**
 * The driver writes a list as a Postgres array, which is wrong for a parameter of type json or jsonb; only the server
 * knows which type a parameter has.
 */
async function bindable(client: pg.Client, text: string, values: readonly unknown[]): Promise<readonly unknown[]> {
  if (!values.some(Array.isArray)) return values;
  const types = await parameterTypes(client, text);
  return values.map((value, index) =>
    Array.isArray(value) && jsonTypes.has(types[index] ?? 0) ? JSON.stringify(value) : value,
  );
}

/** Type OIDs of the statement's parameters; none where it cannot be prepared, since running it will say why. */
async function parameterTypes(client: pg.Client, text: string): Promise<readonly number[]> {
  try {
    await client.query({ text: `prepare millrace_parameters as ${text}`, queryMode: 'extended' } as pg.QueryConfig);
    const found = await client.query<{ types: number[] }>(
      "select parameter_types::oid[]::int8[]::int4[] as types from pg_prepared_statements where name = 'millrace_parameters'",
    );
    await client.query('deallocate millrace_parameters');
    return found.rows[0]?.types ?? [];
  } catch {
    return [];
  }
}

/** The extended protocol: values are bound, and a second statement behind a semicolon is a syntax error. */
function runStatement(
  client: pg.Client,
  text: string,
  values: readonly unknown[],
  { rows: wanted, maxRows }: SqlConfig,
): Promise<Fetched> {
  return new Promise((resolve, reject) => {
    const rows: Record<string, unknown>[] = [];
    let refused = false;
    const query = new pg.Query({
      text,
      values: [...values],
      queryMode: 'extended',
      types: exactTypes,
    } as pg.QueryConfig);
    query.on('row', (row: Record<string, unknown>) => {
      if (refused || wanted === 'none' || (wanted === 'first' && rows.length > 0)) return;
      if (rows.length === maxRows) {
        refused = true;
        reject(tooManyRows(maxRows));
        void client.end();
        return;
      }
      rows.push(row);
    });
    query.on('end', (result: pg.QueryResult) =>
      resolve({ rowCount: result.rowCount ?? 0, fields: result.fields, rows }),
    );
    query.on('error', reject);
    client.query(query);
  });
}

/** All statements of the file in one transaction; the answer is that of the last one. */
async function runFile(client: pg.Client, text: string, maxRows: number): Promise<Fetched> {
  await client.query('begin');
  const answer: unknown = await client.query({ text, types: exactTypes });
  await client.query('commit');
  const results = (Array.isArray(answer) ? answer : [answer]) as pg.QueryResult<Record<string, unknown>>[];
  const last = results.at(-1);
  if (last === undefined) return { rowCount: 0, fields: [], rows: [] };
  if (last.rows.length > maxRows) throw tooManyRows(maxRows);
  return { rowCount: last.rowCount ?? 0, fields: last.fields, rows: last.rows };
}

function tooManyRows(maxRows: number): BuiltinError {
  const message = `the statement returned more than ${maxRows} rows: raise "maxRows", or let the database aggregate`;
  return new BuiltinError('SqlError', 'sql.too_many_rows', message, false);
}

function clientConfig(connection: BuiltinConnection): pg.ClientConfig {
  const { host, port, user, password, database } = connection;
  return {
    host,
    port,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { database }),
    ssl: connection.tls === 'disable' ? false : tlsOptions(connection),
    application_name: 'millrace',
    connectionTimeoutMillis: 15_000,
  };
}

/** The socket goes to a loopback port; the certificate is that of the declared host. */
function tlsOptions({ tls, serverName, options }: BuiltinConnection): ConnectionOptions {
  const ca = options['ca'];
  const isName = /[a-z]/i.test(serverName) && !serverName.includes(':');
  return {
    rejectUnauthorized: tls === 'verify',
    ...(typeof ca === 'string' ? { ca } : {}),
    ...(isName ? { servername: serverName } : {}),
    checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate),
  };
}

interface Cancelling {
  cancel(client: pg.Client, query: unknown): void;
}

function cancelQuery(connection: BuiltinConnection, client: pg.Client): void {
  const second = new pg.Client(clientConfig(connection));
  second.on('error', () => undefined);
  const { activeQuery } = client as unknown as { activeQuery?: unknown };
  if (activeQuery !== null && activeQuery !== undefined) (second as unknown as Cancelling).cancel(client, activeQuery);
}

const sqlState = /^[0-9A-Z]{5}$/;

function describe(error: unknown, config: SqlConfig): Error {
  if (error instanceof BuiltinError || !(error instanceof Error)) return error as Error;
  const { code, detail, hint, position } = error as Partial<pg.DatabaseError>;
  if (code !== undefined && sqlState.test(code) && error instanceof pg.DatabaseError) {
    const found = findRetryClass(sqlRetryClasses, `sql.${code}`);
    const where =
      config.file !== undefined && position !== undefined ? ` (character ${position} of ${config.file})` : '';
    const more = [detail, hint].filter((part) => part !== undefined).map((part) => `; ${part}`);
    const message = `${error.message} [SQLSTATE ${code}]${where}${more.join('')}`;
    return new BuiltinError('SqlError', `sql.${code}`, message, found?.retryable ?? false);
  }
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
    return new BuiltinError('SqlError', 'sql.no_file', `the bundle has no file ${config.file ?? ''}`, false);
  }
  const message = `no answer from the database of connection "${config.connection}": ${error.message}`;
  return new BuiltinError('SqlError', 'sql.08006', message, true);
}
