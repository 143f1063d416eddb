import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Folder for what is fetched or built once for all checkouts of this machine. Root's lies where the unprivileged
 * users that run it can enter.
 */
export function machineCacheFolder(env: Readonly<Record<string, string | undefined>>): string {
  if (process.getuid?.() === 0) return '/var/cache/millrace';
  const base = env['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'millrace');
}
