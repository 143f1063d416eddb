import { latestMigration, migrate } from '@millrace/database';
import { asSuperuser } from '@millrace/embedded';
import { emptyTestDatabase, type TestDatabase } from '@millrace/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planSchema } from './schema.js';

describe('planSchema', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await emptyTestDatabase();
  });
  afterAll(() => database.drop());

  const newest = (sql: string): Promise<unknown> => asSuperuser(database.superuserUrl, (client) => client.query(sql));

  it('tells an empty database from a current one', async () => {
    expect(await planSchema(database.ownerUrl)).toEqual({ kind: 'empty' });
    await migrate(database.ownerUrl);
    expect(await planSchema(database.ownerUrl)).toEqual({ kind: 'current' });
  });

  it('finds data of an older release', async () => {
    await newest('delete from schema_migrations where timestamp = (select max(timestamp) from schema_migrations)');
    expect(await planSchema(database.ownerUrl)).toMatchObject({ kind: 'older', to: latestMigration() });
  });

  it('refuses data of a newer release and names what it does not know', async () => {
    await newest(`insert into schema_migrations (timestamp, name) values (9000000000000, 'AddTelepathy9000000000000')`);
    await expect(planSchema(database.ownerUrl)).rejects.toMatchObject({ code: 'database.newer' });
    await expect(planSchema(database.ownerUrl)).rejects.toThrow('AddTelepathy9000000000000');
  });
});
