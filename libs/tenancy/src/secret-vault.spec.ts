import { randomBytes } from 'node:crypto';
import { openDataSource, TenantDatabase } from '@millrace/database';
import { newId } from '@millrace/kernel';
import { asSuper, seedOrganization, type SeededOrganization, type TestDatabase, testDatabase } from '@millrace/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileKeyWrapper } from './adapters/file/master-key.js';
import type { Actor } from './audit.js';
import { putConnection, readConnections } from './connection.js';
import { open, seal, SealedText } from './sealing.js';
import { SecretVault } from './secret-vault.js';
import { putVariable, readVariables } from './variable.js';

let database: TestDatabase;
let source: Awaited<ReturnType<typeof openDataSource>>;
let tenants: TenantDatabase;
let a: SeededOrganization;
let b: SeededOrganization;
const masterKey = randomBytes(32);
const vault = new SecretVault(new FileKeyWrapper(masterKey));

const actorOf = (organization: SeededOrganization): Actor => ({
  tenantId: organization.tenantId,
  actor: 'usr_spec',
  requestId: 'req_spec',
});

const set = (organization: SeededOrganization, name: string, value: string): Promise<unknown> =>
  tenants.transaction(organization.tenantId, (tx) =>
    vault.set(tx, actorOf(organization), organization.environmentId, name, value),
  );

const read = async (organization: SeededOrganization, ...names: string[]): Promise<Record<string, string>> => {
  const values = await tenants.transaction(organization.tenantId, (tx) =>
    vault.read(tx, organization.environmentId, names),
  );
  return Object.fromEntries([...values].map(([name, { value }]) => [name, value]));
};

beforeAll(async () => {
  database = await testDatabase();
  source = await openDataSource({ url: database.appUrl, poolSize: 4, applicationName: 'spec' });
  tenants = new TenantDatabase(source);
  a = await seedOrganization(database.superuserUrl);
  b = await seedOrganization(database.superuserUrl);
});

afterAll(async () => {
  await source.destroy();
  await database.drop();
});

describe('the vault', () => {
  it('gives back what was set, newest version, to the byte', async () => {
    await set(a, 'GREETING', 'hello');
    await set(a, 'GREETING', 'grüß 🌍\n"quoted"\\');
    await set(a, 'LONG', 'x'.repeat(65_000));
    expect(await read(a, 'GREETING', 'LONG')).toEqual({ GREETING: 'grüß 🌍\n"quoted"\\', LONG: 'x'.repeat(65_000) });
  });

  it('names every secret that is missing', async () => {
    await set(a, 'THERE', 'x');
    await expect(read(a, 'THERE', 'NOPE', 'NEITHER')).rejects.toMatchObject({
      code: 'secret.not_found',
      message: expect.stringMatching(/"NOPE".*"NEITHER"/) as string,
    });
  });

  it('keeps nothing readable in the database, and no two ciphertexts alike', async () => {
    await set(a, 'ONE', 'the very same value');
    await set(a, 'TWO', 'the very same value');
    const rows = await asSuper<{ ciphertext: Buffer }>(
      database.superuserUrl,
      `select ciphertext from secrets where tenant_id = $1 and name in ('ONE', 'TWO') and deleted_at is null`,
      [a.tenantId],
    );
    expect(rows).toHaveLength(2);
    expect(rows[0]?.ciphertext.equals(rows[1]?.ciphertext ?? Buffer.alloc(0))).toBe(false);
    for (const { ciphertext } of rows) expect(ciphertext.toString('latin1')).not.toContain('very same');
  });

  it('opens no row that was moved to another name, version, environment or tenant', async () => {
    await set(a, 'VALUABLE', 'crown jewels');
    await set(a, 'DECOY', 'x');
    const move = (columns: string): Promise<unknown> =>
      asSuper(
        database.superuserUrl,
        `update secrets t set nonce = s.nonce, ciphertext = s.ciphertext, auth_tag = s.auth_tag ${columns}
           from secrets s where s.name = 'VALUABLE' and t.name = 'DECOY' and t.tenant_id = $1 and s.tenant_id = $1`,
        [a.tenantId],
      );
    await move('');
    await expect(read(a, 'DECOY')).rejects.toThrow();
    await asSuper(database.superuserUrl, `update secrets set version = 9 where name = 'VALUABLE'`);
    await expect(read(a, 'VALUABLE')).rejects.toThrow();
  });

  it('does not open one tenant’s data key for another', async () => {
    await set(b, 'MINE', 'x');
    await asSuper(
      database.superuserUrl,
      `update tenant_keys t set wrapped_key = s.wrapped_key from tenant_keys s where t.tenant_id = $1 and s.tenant_id = $2`,
      [b.tenantId, a.tenantId],
    );
    await expect(read(b, 'MINE')).rejects.toThrow();
  });

  it('is useless without the master key', async () => {
    await set(a, 'LOCKED', 'x');
    const other = new SecretVault(new FileKeyWrapper(randomBytes(32)));
    await expect(
      tenants.transaction(a.tenantId, (tx) => other.read(tx, a.environmentId, ['LOCKED'])),
    ).rejects.toThrow();
  });

  it('makes one data key per tenant, also when the first secrets come at once', async () => {
    const fresh = await seedOrganization(database.superuserUrl);
    await Promise.all(Array.from({ length: 4 }, (_, i) => set(fresh, `S${i}`, `v${i}`)));
    expect(await read(fresh, 'S0', 'S1', 'S2', 'S3')).toEqual({ S0: 'v0', S1: 'v1', S2: 'v2', S3: 'v3' });
    const keys = await asSuper(database.superuserUrl, `select from tenant_keys where tenant_id = $1`, [fresh.tenantId]);
    expect(keys).toHaveLength(1);
  });

  it('notes which attempt read which version', async () => {
    await set(a, 'TRAIL', 'one');
    await set(a, 'TRAIL', 'two');
    await tenants.transaction(a.tenantId, (tx) =>
      vault.readForAttempt(tx, {
        environmentId: a.environmentId,
        names: ['TRAIL'],
        runId: newId('run'),
        taskId: 'load',
        mapIndex: -1,
        attemptId: newId('attempt'),
      }),
    );
    const reads = await asSuper(database.superuserUrl, `select secret_name, secret_version, task_id from secret_reads`);
    expect(reads).toEqual([{ secret_name: 'TRAIL', secret_version: 2, task_id: 'load' }]);
  });
});

describe('connections and variables', () => {
  it('are read by the names that were asked for', async () => {
    await tenants.transaction(a.tenantId, async (tx) => {
      const settings = {
        type: 'postgres',
        host: 'db.example',
        port: 5432,
        username: null,
        database: null,
        tls: 'verify' as const,
        options: {},
        passwordSecret: null,
      };
      await putConnection(tx, actorOf(a), a.environmentId, 'one', settings);
      await putConnection(tx, actorOf(a), a.environmentId, 'one', { ...settings, port: 5433 });
      const found = await readConnections(tx, a.environmentId, ['one']);
      expect(found.get('one')).toMatchObject({ port: 5433, passwordSecret: null });
      await expect(readConnections(tx, a.environmentId, ['two'])).rejects.toMatchObject({
        code: 'connection.not_found',
      });
      await putVariable(tx, actorOf(a), a.environmentId, 'region', 'eu');
      expect(await readVariables(tx, a.environmentId)).toEqual({ region: 'eu' });
    });
    const elsewhere = await tenants.transaction(b.tenantId, (tx) => readVariables(tx, a.environmentId));
    expect(elsewhere).toEqual({});
  });
});

describe('sealing', () => {
  const key = randomBytes(32);

  it('refuses a short tag, another place, and any changed bit', () => {
    const sealed = seal(key, Buffer.from('text'), 'place');
    expect(open(key, sealed, 'place').toString()).toBe('text');
    expect(() => open(key, sealed, 'elsewhere')).toThrow();
    expect(() => open(key, { ...sealed, authTag: sealed.authTag.subarray(0, 4) }, 'place')).toThrow(/length/);
    const flipped = Buffer.from(sealed.ciphertext);
    flipped.writeUInt8(flipped.readUInt8(0) ^ 1, 0);
    expect(() => open(key, { ...sealed, ciphertext: flipped }, 'place')).toThrow();
  });

  it('gives keyed fingerprints in which parts do not run together', () => {
    const text = new SealedText(key, 'spec');
    expect(text.fingerprint('ab', 'c').equals(text.fingerprint('a', 'bc'))).toBe(false);
    expect(text.fingerprint('a').equals(new SealedText(randomBytes(32), 'spec').fingerprint('a'))).toBe(false);
    expect(text.open(text.seal('grüß', 'here'), 'here')).toBe('grüß');
  });
});
