import { randomBytes } from 'node:crypto';
import { asSuperuser, databaseRoles, postgresUrl } from '@millrace/embedded';
import { askForServer } from './ask-servers.js';
import type { TestPostgres } from './test-servers.js';

/** A database of its own with the newest schema, as the three roles of the platform see it. */
export interface TestDatabase {
  /** As `millrace_owner`: not exempt from row-level security either. */
  readonly ownerUrl: string;
  /** As `millrace_app`. */
  readonly appUrl: string;
  /** As `millrace_control`. */
  readonly controlUrl: string;
  /** As a superuser, which sees all rows: for what a spec must look at from outside. */
  readonly superuserUrl: string;
  /** Ends all connections to the database and drops it. */
  readonly drop: () => Promise<void>;
}

/** Clones the migrated template; takes 20–60 ms. Call it once per spec file. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = (await askForServer('/postgres')) as TestPostgres;
  const name = `test_${randomBytes(6).toString('hex')}`;
  const admin = postgresUrl(server.port, 'postgres', server.superuserPassword, 'postgres');
  await asSuperuser(admin, (client) =>
    client.query(`create database ${name} template ${server.template} owner ${databaseRoles.owner}`),
  );
  const as = (role: string): string => postgresUrl(server.port, role, server.rolePassword, name);
  return {
    ownerUrl: as(databaseRoles.owner),
    appUrl: as(databaseRoles.app),
    controlUrl: as(databaseRoles.control),
    superuserUrl: postgresUrl(server.port, 'postgres', server.superuserPassword, name),
    drop: async () => {
      await asSuperuser(admin, (client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}

/** An empty database without schema, owned by `millrace_owner`; for specs of migrations. */
export async function emptyTestDatabase(): Promise<TestDatabase> {
  const database = await testDatabase();
  const name = new URL(database.superuserUrl).pathname.slice(1);
  const server = (await askForServer('/postgres')) as TestPostgres;
  const admin = postgresUrl(server.port, 'postgres', server.superuserPassword, 'postgres');
  await asSuperuser(admin, async (client) => {
    await client.query(`drop database ${name} with (force)`);
    await client.query(`create database ${name} owner ${databaseRoles.owner}`);
  });
  return database;
}
