import type { MigrationReport } from '@millrace/database';

/** What has to happen before this release can work on the data. */
export type SchemaPlan =
  | { readonly kind: 'current' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'older'; readonly from: string; readonly to: string };

/** Migrations end in the millisecond at which they were written, which orders them across releases. */
function writtenAt(migration: string): number {
  return Number(/(\d{13})$/.exec(migration)?.[1] ?? 0);
}

// The database library takes a while to load; meanwhile the servers start.
const library = import('@millrace/database');

/** Compares the data with this release; rejects with `database.newer` when a newer release wrote them. */
export async function planSchema(ownerUrl: string): Promise<SchemaPlan> {
  const { latestMigration, migrate, schemaVersion } = await library;
  const [from, to] = [await schemaVersion(ownerUrl), latestMigration()];
  if (from === undefined) return { kind: 'empty' };
  if (from === to) return { kind: 'current' };
  // Refuses before it changes anything, and knows which migrations are the strangers.
  if (writtenAt(from) > writtenAt(to)) await migrate(ownerUrl);
  return { kind: 'older', from, to };
}

/** Applies what is missing. */
export async function applyMigrations(ownerUrl: string): Promise<MigrationReport> {
  const { migrate } = await library;
  return migrate(ownerUrl);
}
