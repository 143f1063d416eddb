import { ControlDatabase, openDataSource } from '@millrace/database';
import { asSuper, testDatabase } from '@millrace/testing';
import { expect, it } from 'vitest';
import { takeTokens } from '../rate-limit.js';
import { forgetExpired } from './forget-expired.js';

it('forgets sessions and limits that nobody can use any more, and no others', async () => {
  const database = await testDatabase();
  const source = await openDataSource({ url: database.controlUrl, poolSize: 2, applicationName: 'spec' });
  const control = new ControlDatabase(source);
  const policy = { name: 'spec', capacity: 5, windowSeconds: 60 };
  const sql = (statement: string): Promise<{ key: string }[]> => asSuper(database.superuserUrl, statement);
  await sql(`insert into organizations (id, slug, name) values ('org_1', 'a', 'a')`);
  await sql(`insert into users (id, email, name, password_hash) values ('usr_1', 'a@a.example', 'a', 'x')`);
  for (const [id, age] of [
    ['ses_old', '2 days'],
    ['ses_new', '-1 days'],
  ]) {
    await sql(
      `insert into sessions (id, user_id, tenant_id, family, access_hash, refresh_hash, access_expires_at, refresh_expires_at)
       values ('${id}', 'usr_1', 'org_1', '${id}', '${id}a', '${id}r', now(), now() - interval '${age}')`,
    );
  }
  await control.transaction((tx) => takeTokens(tx, policy, 'old'));
  await control.transaction((tx) => takeTokens(tx, policy, 'new'));
  await sql(`update rate_limits set refilled_at = now() - interval '2 days' where bucket = 'spec:old'`);

  await control.transaction((tx) => forgetExpired(tx, 100));

  expect(await sql(`select id as key from sessions union select bucket from rate_limits order by 1`)).toEqual([
    { key: 'ses_new' },
    { key: 'spec:new' },
  ]);
  await source.destroy();
  await database.drop();
});

it('takes tokens from one bucket exactly as often as there are', async () => {
  const database = await testDatabase();
  const source = await openDataSource({ url: database.controlUrl, poolSize: 8, applicationName: 'spec' });
  const control = new ControlDatabase(source);
  const policy = { name: 'spec', capacity: 10, windowSeconds: 3600 };

  const decisions = await Promise.all(
    Array.from({ length: 40 }, () => control.transaction((tx) => takeTokens(tx, policy, 'race'))),
  );
  expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(10);
  for (const { allowed, retryAfterSeconds } of decisions.filter((each) => !each.allowed)) {
    expect(allowed).toBe(false);
    expect(retryAfterSeconds).toBeGreaterThan(300);
    expect(retryAfterSeconds).toBeLessThanOrEqual(360);
  }
  await asSuper(database.superuserUrl, `update rate_limits set refilled_at = now() - interval '6 minutes'`);
  expect(await control.transaction((tx) => takeTokens(tx, policy, 'race'))).toMatchObject({ allowed: true });
  expect(await control.transaction((tx) => takeTokens(tx, policy, 'race'))).toMatchObject({ allowed: false });
  await source.destroy();
  await database.drop();
});
