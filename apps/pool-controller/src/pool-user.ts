import { readFile } from 'node:fs/promises';
import { DomainError } from '@millrace/kernel';

/** The operating-system user of a pool's runners. */
export interface PoolUser {
  readonly uid: number;
  readonly gid: number;
}

/** Numbers that pools may use below the end of what this machine (or container) maps. */
const atLeast = 10_000;

/**
 * How pools get users of their own. Not as root there is but one user, this one. @throws DomainError `config.invalid`
 * where the machine does not map the numbers.
 */
export async function poolUsers(base: number): Promise<(ordinal: number) => PoolUser | undefined> {
  if (process.getuid?.() !== 0) return () => undefined;
  const map = await readFile('/proc/self/uid_map', 'utf8').catch(() => undefined);
  const end = map === undefined ? Number.MAX_SAFE_INTEGER : endOf(map);
  if (base + atLeast > end) {
    throw new DomainError(
      'invalid',
      'config.invalid',
      `MILLRACE_POOL_UID_BASE is ${base}, but users above ${end - 1} do not exist here: set it to ${Math.max(1_000, end - 2 * atLeast)} or less`,
    );
  }
  return (ordinal) => ({ uid: base + ordinal, gid: base + ordinal });
}

/** One past the highest user that /proc/self/uid_map knows. */
function endOf(map: string): number {
  const lines = map.trim().split('\n');
  return Math.max(
    ...lines.map((line) => {
      const [inside = 0, , length = 0] = line.trim().split(/\s+/).map(Number);
      return inside + length;
    }),
  );
}
