import { connectClient, connectNative, installRuntime } from '@millrace/temporal';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testBrowser } from './browser.js';
import { emptyTestDatabase, type TestDatabase, testDatabase } from './test-database.js';
import { testTemporal } from './test-temporal.js';

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('testDatabase', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.drop());

  it('has the newest schema', async () => {
    const rows = await query(database.ownerUrl, 'select count(*)::int as n from schema_migrations');
    expect(rows[0]?.['n']).toBeGreaterThan(0);
  });

  it('gives roles that are neither superuser nor exempt from row-level security nor owner', async () => {
    for (const url of [database.appUrl, database.controlUrl]) {
      const [role] = await query(
        url,
        `select rolsuper, rolbypassrls, pg_get_userbyid(datdba) = current_user as owns
         from pg_roles, pg_database where rolname = current_user and datname = current_database()`,
      );
      expect(role).toEqual({ rolsuper: false, rolbypassrls: false, owns: false });
    }
  });

  it('keeps two specs apart, and can be had without schema', async () => {
    const other = await emptyTestDatabase();
    await query(other.ownerUrl, 'create table only_here (id int)');
    const rows = await query(database.ownerUrl, `select to_regclass('only_here') as there`);
    expect(rows[0]?.['there']).toBeNull();
    await other.drop();
  });
});

describe('testTemporal', () => {
  it('answers clients and workers, and gives each caller a queue of its own', async () => {
    const server = await testTemporal();
    const quiet = () => undefined;
    installRuntime({ log: { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet } });
    const native = await connectNative(server);
    const client = await connectClient(server, native);
    const { namespaceInfo, config } = await client.workflowService.describeNamespace({ namespace: server.namespace });

    expect(namespaceInfo?.name).toBe(server.namespace);
    expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(48 * 3600);
    expect(server.taskQueue('a')).not.toBe(server.taskQueue('a'));
    await native.close();
  });
});

describe('testBrowser', () => {
  it('says which command installs a browser where there is none', () => {
    expect(() => testBrowser({ PATH: '' })).toThrow(/apt-get install chromium/);
    expect(() => testBrowser({ CHROMIUM_BIN: '/nowhere/chromium' })).toThrow(/CHROMIUM_BIN=\/nowhere\/chromium/);
  });
});
