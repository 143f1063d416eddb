import { asSuper, type TestDatabase, testDatabase } from '@millrace/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspect } from './catalogue.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});

afterAll(async () => {
  await database.drop();
});

describe('the catalogue', () => {
  it('puts every tenant’s table under forced row-level security', async () => {
    expect((await inspect(database.superuserUrl)).breaches).toEqual([]);
  });

  it('gives millrace_control these rights across tenants, and no others', async () => {
    const { controlRights } = await inspect(database.superuserUrl);
    process.stdout.write(
      `millrace_control may, across tenants:\n${controlRights.map((line) => `  ${line}\n`).join('')}`,
    );
    await expect(`${controlRights.join('\n')}\n`).toMatchFileSnapshot('control-rights.txt');
  });
});

const asOwner = (sql: string): Promise<unknown> => asSuper(database.ownerUrl, sql);
const policy = (table: string, rest: string): string => `create policy tenant on ${table} ${rest}`;
const mine = `tenant_id = nullif(current_setting('app.tenant_id', true), '')`;

/** A table like ours, with one thing left out. */
async function plant(
  table: string,
  leaveOut: 'enable' | 'force' | 'check' | 'tenant' | 'index' | 'nothing',
): Promise<void> {
  const key = leaveOut === 'index' ? 'primary key (id)' : 'primary key (tenant_id, id)';
  await asOwner(`create table ${table} (tenant_id text not null, id text not null, ${key})`);
  if (leaveOut !== 'enable') await asOwner(`alter table ${table} enable row level security`);
  if (leaveOut !== 'force') await asOwner(`alter table ${table} force row level security`);
  const using = leaveOut === 'tenant' ? 'true' : mine;
  const check = leaveOut === 'check' ? '' : `with check (${using})`;
  await asOwner(policy(table, `for all to millrace_app using (${using}) ${check}`));
}

describe('a mistake in the schema is found', () => {
  const found = async (): Promise<string> => (await inspect(database.superuserUrl)).breaches.join('\n');

  it('where a table lacks a part of its protection', async () => {
    await plant('planted_good', 'nothing');
    expect(await found()).toBe('');
    for (const leaveOut of ['enable', 'force', 'tenant', 'check', 'index'] as const) {
      await plant(`planted_${leaveOut}`, leaveOut);
      expect(await found(), leaveOut).toContain(`planted_${leaveOut} `);
      await asOwner(`drop table planted_${leaveOut}`);
    }
    await asOwner(`drop table planted_good`);
  });

  it('where a table has no tenant, no policy, or one policy too many', async () => {
    await asOwner(`create table planted (id text primary key)`);
    expect(await found()).toContain('not on the list');
    await asOwner(`drop table planted`);

    await asOwner(`create table planted (tenant_id text not null, id text not null, primary key (tenant_id, id))`);
    await asOwner(`alter table planted enable row level security`);
    await asOwner(`alter table planted force row level security`);
    expect(await found()).toContain('has no policy');
    await asOwner(`drop table planted`);

    await asOwner(`create policy too_many on variables for select to millrace_app using (value = 'shared')`);
    expect(await found()).toContain('too_many');
    await asOwner(`drop policy too_many on variables`);
  });

  it('where a view, a function or a grant goes around it', async () => {
    await asOwner(`create view planted as select * from runs`);
    await asOwner(`create materialized view planted_copy as select 1 as one`);
    await asOwner(`create function planted() returns int language sql security definer as 'select 1'`);
    await asOwner(`grant select on variables to public`);
    const text = await found();
    for (const part of ['view planted ', 'planted_copy', 'function planted', 'variables grants select']) {
      expect(text).toContain(part);
    }
    await asOwner(
      `drop view planted; drop materialized view planted_copy; drop function planted; revoke select on variables from public`,
    );
    expect(await found()).toBe('');
  });
});
