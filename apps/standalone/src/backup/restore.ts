import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { postgresBinaries } from '@millrace/embedded';
import { DomainError } from '@millrace/kernel';
import { environment, readStandaloneConfig } from '../config.js';
import { locateInstance } from '../instance.js';
import { type InstanceFolder, makeFolders } from '../instance-folder.js';
import { claimInstance } from '../instance-lock.js';
import { npmParents } from '../parent-watch.js';
import { during, say } from '../progress.js';
import { type BackupManifest, masterKeyFingerprint, readManifest } from './manifest.js';
import { keptState } from './take.js';

const run = promisify(execFile);

/** What a restore puts into the instance's folder, in this order. */
const parts = ['postgres', 'warehouse', 'temporal', 'objects', 'passwords'] as const;

async function keyFrom(file: string | undefined, manifest: BackupManifest): Promise<string> {
  if (file === undefined) {
    throw new DomainError(
      'invalid',
      'backup.no_master_key',
      'name the master key that was kept apart: --master-key FILE',
    );
  }
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new DomainError('invalid', 'backup.no_master_key', `the master key cannot be read: ${error.message}`);
  });
  if (masterKeyFingerprint(text) === manifest.masterKeyFingerprint) return text;
  throw new DomainError(
    'invalid',
    'backup.wrong_master_key',
    `${file} is not the key of this backup (fingerprint ${masterKeyFingerprint(text)}, wanted ${manifest.masterKeyFingerprint}): no secret could be read`,
  );
}

function demandEmpty(folder: InstanceFolder): void {
  const present = parts.filter((part) =>
    existsSync(join(folder.paths[part], part === 'passwords' ? 'passwords.json' : 'data')),
  );
  if (present.length === 0 && !existsSync(join(folder.paths.keys, 'master.key'))) return;
  throw new DomainError(
    'conflict',
    'backup.not_empty',
    `${folder.home} holds data already (${present.join(', ')}): restore into another MILLRACE_HOME, or delete them with \`npm start -- --reset\` first`,
  );
}

async function give(path: string, folder: InstanceFolder): Promise<void> {
  const { user } = folder;
  if (user !== undefined) await run('chown', ['-R', `${user.uid}:${user.gid}`, path]);
}

async function place(backup: string, folder: InstanceFolder, manifest: BackupManifest): Promise<void> {
  for (const name of ['postgres', 'warehouse'] as const) {
    const data = join(folder.paths[name], 'data');
    await during(`restoring ${name}`, () => run('cp', ['-a', join(backup, name, 'data'), data]));
    await chmod(data, 0o700);
    await give(data, folder);
  }
  if (manifest.objects !== null) {
    await during('restoring objects', () => run('cp', ['-a', `${join(backup, 'objects')}/.`, folder.paths.objects]));
    await give(folder.paths.objects, folder);
  }
  if (manifest.temporalState) {
    await run('cp', ['-a', `${join(backup, 'temporal')}/.`, folder.paths.temporal]);
    await give(folder.paths.temporal, folder);
  }
  await run('cp', [join(backup, 'passwords', 'passwords.json'), folder.paths.passwords]);
  await mkdir(folder.paths.state, { recursive: true });
  for (const name of keptState) {
    const file = join(backup, 'state', name);
    if (existsSync(file)) await run('cp', [file, folder.paths.state]);
  }
}

/**
 * Puts a backup into the empty folder of this instance. Rejects with `backup.*` where the backup, the key or the folder
 * will not do, before anything is changed; a restore that fails half-way leaves the folder empty again.
 */
export async function restoreBackup(from: string, masterKeyFile: string | undefined): Promise<void> {
  const backup = resolve(from);
  const config = readStandaloneConfig(environment);
  const manifest = await readManifest(backup);
  const key = await keyFrom(masterKeyFile, manifest);
  if (config.databaseUrl !== undefined) {
    throw new DomainError(
      'conflict',
      'backup.external_database',
      'unset MILLRACE_DATABASE_URL: a backup is of the embedded Postgres',
    );
  }
  const folder = await locateInstance(config.home);
  demandEmpty(folder);
  await makeFolders(folder);
  const { majorVersion } = await postgresBinaries(folder.user, join(folder.paths.runtime, 'postgres'));
  if (majorVersion !== manifest.postgres) {
    throw new DomainError(
      'conflict',
      'backup.postgres_version',
      `the backup is of Postgres ${manifest.postgres}, this release embeds ${majorVersion}: restore with the release that made it, then upgrade`,
    );
  }
  const release = await claimInstance(folder.paths.state, await npmParents(false), say);
  try {
    await place(backup, folder, manifest);
    const keyFile = join(folder.paths.keys, 'master.key');
    await writeFile(keyFile, key, { mode: 0o600, flag: 'wx' });
    if (folder.user !== undefined) await chown(keyFile, folder.user.uid, folder.user.gid);
  } catch (error) {
    for (const part of [...parts, 'keys'] as const) await rm(folder.paths[part], { recursive: true, force: true });
    throw error;
  } finally {
    await release();
  }
  say(`restored into ${folder.home}, as it was on ${manifest.createdAt}`);
  if (manifest.openRuns > 0) say(`${manifest.openRuns} runs had not ended; they go on from what was recorded of them`);
  say('start it with `npm start`');
}
