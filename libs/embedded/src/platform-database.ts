import { Client, escapeIdentifier, escapeLiteral } from 'pg';

/** The three roles of the platform's database and their passwords. */
export interface DatabasePasswords {
  /** Owns the schema, used by migrations only. */
  readonly owner: string;
  /** Sees one tenant per transaction. */
  readonly app: string;
  /** The few jobs that span tenants. */
  readonly control: string;
}

export const databaseRoles = { owner: 'millrace_owner', app: 'millrace_app', control: 'millrace_control' } as const;

/** Runs statements on one connection as a superuser. */
export async function asSuperuser<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Makes or corrects a login role that is neither superuser nor exempt from row-level security. */
export async function ensureRole(client: Client, name: string, password: string): Promise<void> {
  const role = escapeIdentifier(name);
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [name]);
  if (rowCount === 0) await client.query(`create role ${role}`);
  await client.query(
    `alter role ${role} with login nosuperuser nobypassrls nocreatedb nocreaterole noinherit noreplication password ${escapeLiteral(password)}`,
  );
}

/** Makes a database where it is missing; only its owner and those that the owner grants it may use it. */
export async function ensureDatabase(client: Client, name: string, owner: string): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
  if (rowCount !== 0) return;
  await client.query(`create database ${escapeIdentifier(name)} owner ${escapeIdentifier(owner)}`);
}

/** Prepares a cluster for migrations: roles, passwords, an empty database that `millrace_owner` owns. */
export async function preparePlatformDatabase(
  superuserUrl: string,
  database: string,
  passwords: DatabasePasswords,
): Promise<void> {
  await asSuperuser(superuserUrl, async (client) => {
    await ensureRole(client, databaseRoles.owner, passwords.owner);
    await ensureRole(client, databaseRoles.app, passwords.app);
    await ensureRole(client, databaseRoles.control, passwords.control);
    await ensureDatabase(client, database, databaseRoles.owner);
  });
}
