import { chmod, copyFile, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@millrace/kernel';
import { Client } from 'pg';

/** Contents that a new server makes for itself; the folders themselves must be there. */
const emptied = new Set([
  'pg_dynshmem',
  'pg_notify',
  'pg_replslot',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
  'pg_wal',
]);
const leftOut = new Set(['postmaster.pid', 'postmaster.opts', 'backup_label', 'tablespace_map', 'backup_manifest']);

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/** Copies what is there; files that vanish meanwhile were dropped, and the log says so to whoever replays it. */
async function copyLive(from: string, to: string, depth = 0): Promise<void> {
  await mkdir(to, { mode: 0o700 });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (depth === 0 && leftOut.has(entry.name)) continue;
    if (entry.name.startsWith('pgsql_tmp')) continue;
    if (entry.isDirectory()) {
      if (depth === 0 && emptied.has(entry.name)) await mkdir(target, { mode: 0o700 });
      else await copyLive(source, target, depth + 1);
      continue;
    }
    await copyFile(source, target).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
  }
}

async function copyLog(dataFolder: string, target: string): Promise<void> {
  const log = join(dataFolder, 'pg_wal');
  await mkdir(join(target, 'pg_wal', 'archive_status'), { recursive: true, mode: 0o700 });
  for (const name of await readdir(log)) {
    if (!/^[0-9A-F]{24}$|\.history$/.test(name)) continue;
    await copyFile(join(log, name), join(target, 'pg_wal', name)).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
  }
}

/**
 * Copies the data folder of a running Postgres to `target`, which must not exist, so that a server started on the copy
 * recovers to a moment at the end of the copy, with everything that was committed before it. Nobody is held up.
 * Rejects, with nothing left behind, where the copy cannot be made.
 * Source: PostgreSQL manual, "Making a Base Backup Using the Low Level API".
 */
export async function baseBackup(superuserUrl: string, dataFolder: string, target: string): Promise<void> {
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    // Ends with this session; until then no part of the log that the copy needs is recycled.
    const slot = `millrace_backup_${process.pid}`;
    await client.query('select pg_create_physical_replication_slot($1, true, true)', [slot]);
    await client.query(`select pg_backup_start('millrace', true)`);
    await copyLive(dataFolder, target);
    const { rows } = await client.query<{ labelfile: string; spcmapfile: string }>(
      'select labelfile, spcmapfile from pg_backup_stop(wait_for_archive => false)',
    );
    const label = rows[0];
    if (label === undefined) throw new Error('pg_backup_stop gave no label');
    await writeFile(join(target, 'backup_label'), label.labelfile, { mode: 0o600 });
    if (label.spcmapfile.trim() !== '') {
      throw new DomainError(
        'conflict',
        'embedded.tablespaces',
        'tablespaces outside the data folder are not backed up',
      );
    }
    await copyLog(dataFolder, target);
    await chmod(target, 0o700);
    await stat(join(target, 'PG_VERSION'));
  } catch (error) {
    await rm(target, { recursive: true, force: true });
    throw error;
  } finally {
    await client.end();
  }
}
