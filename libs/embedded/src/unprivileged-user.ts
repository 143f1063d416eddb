import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { DomainError } from '@millrace/kernel';

const run = promisify(execFile);

/** A user that owns nothing of value, under which root runs what need not be root. */
export interface UnprivilegedUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const ownName = 'millrace';

async function lookUp(name: string): Promise<UnprivilegedUser | undefined> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const entry = lines.find((fields) => fields[0] === name);
  const [uid, gid] = [Number(entry?.[2]), Number(entry?.[3])];
  return entry === undefined || !(uid > 0) ? undefined : { name, uid, gid };
}

/**
 * The user for servers started by root; `undefined` when this process is not root, where servers run as what it is.
 * Made as a system user where possible (initdb insists on a passwd entry), else one that the system has.
 */
export async function unprivilegedUser(): Promise<UnprivilegedUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const existing = await lookUp(ownName);
  if (existing !== undefined) return existing;
  const home = '/nonexistent';
  await run('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    home,
    '--shell',
    '/bin/false',
    ownName,
  ])
    .then(() => undefined)
    // Two starts at once, a read-only /etc, a system without useradd: the look-ups below decide.
    .catch(() => undefined);
  for (const name of [ownName, 'postgres', 'nobody']) {
    const user = await lookUp(name);
    if (user !== undefined) return user;
  }
  throw new DomainError(
    'unavailable',
    'embedded.no_user',
    'Postgres does not run as root, and no other user could be made or found: create one with `useradd --system millrace`',
  );
}
