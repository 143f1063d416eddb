import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Inodes of the sockets that listen on a TCP port of this machine; empty where the system does not tell. */
async function listeningInodes(port: number): Promise<ReadonlySet<string>> {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  // Columns: number, local address:port, remote, state (0A is LISTEN), …, inode.
  const rows = tables.flatMap((table) => table.split('\n').slice(1)).map((line) => line.trim().split(/\s+/));
  const listening = rows.filter((row) => row[1]?.endsWith(`:${hexPort}`) === true && row[3] === '0A');
  return new Set(listening.map((row) => row[9] ?? ''));
}

async function holdsOneOf(pid: number, inodes: ReadonlySet<string>): Promise<boolean> {
  const folder = join('/proc', String(pid), 'fd');
  for (const descriptor of await readdir(folder).catch(() => [])) {
    const target = await readlink(join(folder, descriptor)).catch(() => '');
    if (inodes.has(/^socket:\[(\d+)\]$/.exec(target)?.[1] ?? '?')) return true;
  }
  return false;
}

/** False where the process is known not to listen on the port; true also where the system does not tell. */
export async function mayHoldPort(pid: number, port: number): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  return holdsOneOf(pid, await listeningInodes(port));
}

/** The process that listens on the port, as far as this user may see it; Linux only. */
export async function holderOfPort(port: number): Promise<number | undefined> {
  const inodes = await listeningInodes(port);
  if (inodes.size === 0) return undefined;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)) {
    if (await holdsOneOf(pid, inodes)) return pid;
  }
  return undefined;
}
