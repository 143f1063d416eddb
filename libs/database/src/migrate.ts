import 'reflect-metadata';
import { migrations } from '@millrace/migrations';
import { DomainError } from '@millrace/kernel';
import { DataSource } from 'typeorm';

export interface MigrationReport {
  /** Names of the migrations that this call applied, in order. */
  readonly applied: readonly string[];
  /** Name of the newest migration in the database. */
  readonly version: string;
}

/** Name of the newest migration that this release knows. */
export function latestMigration(): string {
  const newest = migrations.at(-1);
  if (newest === undefined) throw new Error('no migrations');
  return newest.name;
}

async function withOwner<T>(ownerUrl: string, work: (source: DataSource) => Promise<T>): Promise<T> {
  const source = new DataSource({
    type: 'postgres',
    url: ownerUrl,
    applicationName: 'millrace-migrate',
    migrations: [...migrations],
    migrationsTableName: 'schema_migrations',
    migrationsTransactionMode: 'each',
    extra: { max: 2 },
  });
  await source.initialize();
  try {
    return await work(source);
  } finally {
    await source.destroy();
  }
}

async function appliedNames(source: DataSource): Promise<string[]> {
  const [table] = await source.query<[{ there: boolean }]>(
    `select to_regclass('schema_migrations') is not null as there`,
  );
  if (!table.there) return [];
  const rows = await source.query<{ name: string }[]>(`select name from schema_migrations order by timestamp`);
  return rows.map((row) => row.name);
}

/** The newest migration in the database, `undefined` in an empty one. */
export function schemaVersion(ownerUrl: string): Promise<string | undefined> {
  return withOwner(ownerUrl, async (source) => (await appliedNames(source)).at(-1));
}

/**
 * Brings the schema up to this release. Fails with `database.newer` before it changes anything where the database
 * holds a migration that this release does not know.
 */
export function migrate(ownerUrl: string, log: (line: string) => void = () => undefined): Promise<MigrationReport> {
  return withOwner(ownerUrl, async (source) => {
    const known = new Set(migrations.map((migration) => migration.name));
    const foreign = (await appliedNames(source)).filter((name) => !known.has(name));
    if (foreign.length > 0) {
      throw new DomainError(
        'conflict',
        'database.newer',
        `the data was written by a newer release (it has ${foreign.join(', ')}); install that release, or restore the backup made before the upgrade`,
      );
    }
    const applied = await source.runMigrations();
    for (const migration of applied) log(`applied ${migration.name}`);
    // So that a process can tell, under its own role, whether the schema is the one of its release.
    await source.query(`grant select on schema_migrations to millrace_app, millrace_control`);
    return { applied: applied.map((migration) => migration.name), version: latestMigration() };
  });
}
