import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { asSuperuser, baseBackup, postgresBinaries, postgresUrl, startPostgres } from '@millrace/embedded';
import { DomainError } from '@millrace/kernel';
import { environment, readStandaloneConfig, type StandaloneConfig } from '../config.js';
import { locateInstance, reapLeftovers } from '../instance.js';
import type { InstanceFolder } from '../instance-folder.js';
import { claimInstance, runningInstance } from '../instance-lock.js';
import { npmParents } from '../parent-watch.js';
import { choosePorts, clusterPorts, type Ports } from '../ports.js';
import { during, say } from '../progress.js';
import { masterKeyIn, type Passwords, passwordsIn } from '../secrets.js';
import { readStatus } from '../status-file.js';
import { type BackupManifest, manifestPath, masterKeyFingerprint } from './manifest.js';

const run = promisify(execFile);
const clusters = ['postgres', 'warehouse'] as const;

type ClusterPorts = Pick<Ports, 'postgres' | 'warehouse'>;

/** What of the state folder belongs to the data: who walks the tour. */
export const keptState = ['tour-account.json', 'toured'];

function refuseExternal(config: StandaloneConfig): void {
  if (config.databaseUrl === undefined) return;
  throw new DomainError(
    'conflict',
    'backup.external_database',
    'MILLRACE_DATABASE_URL names a Postgres of your own: back it up with its own tools (pg_basebackup, snapshots), then the object store, and keep the master key apart',
  );
}

async function newFolder(target: string): Promise<string> {
  const taken = await readdir(target).catch(() => [] as string[]);
  if (taken.length > 0) {
    throw new DomainError('conflict', 'backup.exists', `${target} is not empty: name a folder that is not there yet`);
  }
  const fresh = `${target}.unfinished`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true, mode: 0o700 });
  return fresh;
}

interface Facts {
  readonly schema: string;
  readonly openRuns: number;
}

async function factsOf(superuserUrl: string): Promise<Facts> {
  return asSuperuser(superuserUrl, async (client) => {
    const { rows } = await client.query<Facts>(
      `select (select name from schema_migrations order by id desc limit 1) as schema,
              (select count(*)::int from runs where ended_at is null) as "openRuns"`,
    );
    const facts = rows[0];
    if (facts === undefined) throw new Error('the database holds no schema');
    return facts;
  });
}

async function copyObjects(from: string, to: string): Promise<BackupManifest['objects']> {
  await mkdir(to, { mode: 0o700 });
  let [count, bytes] = [0, 0];
  for (const tenant of await readdir(from)) {
    // Half-written files have no name yet, and are nobody's.
    if (tenant.startsWith('.')) continue;
    for (const shard of await readdir(join(from, tenant))) {
      await mkdir(join(to, tenant, shard), { recursive: true, mode: 0o700 });
      for (const name of await readdir(join(from, tenant, shard))) {
        const target = join(to, tenant, shard, name);
        await copyFile(join(from, tenant, shard, name), target);
        count += 1;
        bytes += (await stat(target)).size;
      }
    }
  }
  return { count, bytes };
}

/** Both clusters while they run: first the databases, then the objects, so that no row names an object that is missing. */
async function copyRunning(
  folder: InstanceFolder,
  ports: ClusterPorts,
  passwords: Passwords,
  target: string,
): Promise<void> {
  const superuser = { postgres: passwords.postgres, warehouse: passwords.warehouseSuperuser };
  for (const name of clusters) {
    const url = postgresUrl(ports[name], 'postgres', superuser[name], 'postgres');
    await mkdir(join(target, name), { mode: 0o700 });
    await during(`copying ${name}`, () =>
      baseBackup(url, join(folder.paths[name], 'data'), join(target, name, 'data')),
    );
  }
}

async function copyStopped(folder: InstanceFolder, target: string): Promise<void> {
  for (const name of clusters) {
    await mkdir(join(target, name), { mode: 0o700 });
    await during(`copying ${name}`, () => run('cp', ['-a', join(folder.paths[name], 'data'), join(target, name)]));
  }
  await run('cp', ['-a', folder.paths.temporal, join(target, 'temporal')]);
}

async function factsAtRest(folder: InstanceFolder, ports: ClusterPorts, passwords: Passwords): Promise<Facts> {
  const binaries = await postgresBinaries(folder.user, join(folder.paths.runtime, 'postgres'));
  const server = await startPostgres({
    name: 'Postgres',
    binaries,
    user: folder.user,
    dataFolder: join(folder.paths.postgres, 'data'),
    stateFile: join(folder.paths.state, 'postgres.json'),
    logFile: join(folder.paths.logs, 'postgres.log'),
    port: ports.postgres,
    superuserPassword: passwords.postgres,
  });
  try {
    return await factsOf(server.superuserUrl('millrace'));
  } finally {
    await server.stop();
  }
}

async function copyRest(folder: InstanceFolder, target: string): Promise<void> {
  await mkdir(join(target, 'passwords'), { mode: 0o700 });
  await copyFile(join(folder.paths.passwords, 'passwords.json'), join(target, 'passwords', 'passwords.json'));
  await mkdir(join(target, 'state'), { mode: 0o700 });
  for (const name of keptState) {
    const file = join(folder.paths.state, name);
    if (existsSync(file)) await copyFile(file, join(target, 'state', name));
  }
}

/**
 * Writes a backup of the instance into `wanted`, while it runs or while it is stopped. The master key is not in it.
 * Rejects with `backup.*` and leaves nothing half-done under that name.
 */
export async function takeBackup(wanted: string): Promise<void> {
  const config = readStandaloneConfig(environment);
  refuseExternal(config);
  const folder = await locateInstance(config.home);
  if (!existsSync(join(folder.paths.postgres, 'data', 'PG_VERSION'))) {
    throw new DomainError(
      'conflict',
      'backup.nothing',
      `there are no data in ${folder.home}: \`npm start\` makes them`,
    );
  }
  const target = resolve(wanted);
  const running = await runningInstance(folder.paths.state);
  if (running !== undefined && (await readStatus(folder.paths.state))?.ready !== true) {
    throw new DomainError('conflict', 'backup.not_ready', 'Millrace is starting or stopping: repeat this in a moment');
  }
  // A platform that is started in the middle would change what is being copied.
  const release =
    running === undefined ? await claimInstance(folder.paths.state, await npmParents(false), say) : undefined;
  const fresh = await newFolder(target);
  try {
    if (running === undefined) await reapLeftovers(folder);
    const portsFile = join(folder.paths.state, 'ports.json');
    const ports =
      running === undefined ? await choosePorts(portsFile, config.bind, undefined) : await clusterPorts(portsFile);
    const passwords = await passwordsIn(folder.paths.passwords);
    const keyFile = config.masterKeyFile ?? (await masterKeyIn(folder.paths.keys, folder.user));
    const createdAt = new Date().toISOString();
    if (running === undefined) await copyStopped(folder, fresh);
    else await copyRunning(folder, ports, passwords, fresh);
    const ownObjects = config.objectStore === undefined || config.objectStore.startsWith('file:');
    const objectFolder = config.objectStore === undefined ? folder.paths.objects : new URL(config.objectStore).pathname;
    const objects = ownObjects
      ? await during('copying objects', () => copyObjects(objectFolder, join(fresh, 'objects')))
      : null;
    await copyRest(folder, fresh);
    const facts =
      running === undefined
        ? await factsAtRest(folder, ports, passwords)
        : await factsOf(postgresUrl(ports.postgres, 'postgres', passwords.postgres, 'millrace'));
    const manifest: BackupManifest = {
      format: 1,
      createdAt,
      ...facts,
      postgres: (await readFile(join(fresh, 'postgres', 'data', 'PG_VERSION'), 'utf8')).trim(),
      masterKeyFingerprint: masterKeyFingerprint(await readFile(keyFile, 'utf8')),
      temporalState: running === undefined,
      objects,
    };
    await writeFile(manifestPath(fresh), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
    await rm(target, { recursive: true, force: true });
    await mkdir(dirname(target), { recursive: true });
    await rename(fresh, target);
    report(target, manifest, keyFile);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    throw error;
  } finally {
    await release?.();
  }
}

function report(target: string, manifest: BackupManifest, keyFile: string): void {
  const { objects, openRuns } = manifest;
  say(`backup in ${target}`);
  say(
    objects === null
      ? 'the objects are in S3 and not in the backup: use versioning or replication of the bucket'
      : `${objects.count} objects, ${objects.bytes} bytes; ${openRuns} runs had not ended`,
  );
  say(
    `the master key is not in it: keep a copy of ${keyFile} in another place; without it no secret can be read again`,
  );
}
