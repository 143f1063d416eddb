import { readdir, readFile, readlink } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** One connection that goes through a link. */
interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  /** The program that opened it, where it says so itself. */
  program: string | undefined;
}

/** A port in front of a server, through which the platform speaks with it: what goes through can be cut off. */
export class TcpLink {
  port = 0;
  private readonly pairs = new Set<Pair>();
  private server: Server | undefined;
  private refusing = false;

  constructor(private readonly targetPort: number) {}

  async open(): Promise<void> {
    const server = createServer((near) => this.accept(near));
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    this.port = address.port;
  }

  async close(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    const closed = new Promise((resolve) => server.close(resolve));
    this.drop();
    await closed;
  }

  /** Programs with a connection, by pid where they do not say who they are. */
  async programs(pids: ReadonlyMap<number, string>): Promise<readonly string[]> {
    await this.identify(pids);
    return [...new Set([...this.pairs].map(({ program }) => program ?? 'unknown'))];
  }

  /** Resets the connections of a program, or all; gives how many there were. */
  drop(program?: string): number {
    const struck = [...this.pairs].filter((pair) => program === undefined || (pair.program ?? 'unknown') === program);
    for (const { near, far } of struck) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
    return struck.length;
  }

  /** Nobody gets through for so long. */
  async cut(ms: number): Promise<void> {
    this.refusing = true;
    this.drop();
    await new Promise((resolve) => setTimeout(resolve, ms));
    this.refusing = false;
  }

  /** What is said arrives so much later; no connection is closed. */
  async freeze(ms: number): Promise<void> {
    const held = [...this.pairs];
    for (const { near, far } of held) {
      near.pause();
      far.pause();
    }
    await new Promise((resolve) => setTimeout(resolve, ms));
    for (const { near, far } of held) {
      near.resume();
      far.resume();
    }
  }

  private accept(near: Socket): void {
    if (this.refusing) {
      near.resetAndDestroy();
      return;
    }
    const far = connect(this.targetPort, '127.0.0.1');
    const pair: Pair = { near, far, program: undefined };
    this.pairs.add(pair);
    near.setNoDelay(true);
    far.setNoDelay(true);
    near.once('data', (first) => (pair.program = programOf(first)));
    pass(near, far);
    pass(far, near);
    const end = (): void => {
      this.pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      socket.on('error', end);
      socket.on('close', end);
    }
  }

  private async identify(pids: ReadonlyMap<number, string>): Promise<void> {
    const unknown = [...this.pairs].filter(({ program }) => program === undefined);
    if (unknown.length === 0) return;
    const inodes = await inodesByPort();
    const programs = await programsByInode(pids);
    for (const pair of unknown) {
      const inode = inodes.get(pair.near.remotePort ?? 0);
      if (inode !== undefined) pair.program = programs.get(inode);
    }
  }
}

function pass(from: Socket, to: Socket): void {
  from.on('data', (chunk) => {
    if (to.write(chunk)) return;
    from.pause();
    to.once('drain', () => from.resume());
  });
  from.on('end', () => to.end());
}

/** Clients of Postgres name themselves in their first message. */
function programOf(first: Buffer): string | undefined {
  return /application_name\0([^\0]+)\0/.exec(first.toString('latin1'))?.[1];
}

async function inodesByPort(): Promise<Map<number, string>> {
  const inodes = new Map<number, string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const text = await readFile(table, 'utf8').catch(() => '');
    for (const line of text.split('\n').slice(1)) {
      const columns = line.trim().split(/\s+/);
      const port = parseInt(columns[1]?.split(':')[1] ?? '', 16);
      const inode = columns[9];
      if (Number.isInteger(port) && inode !== undefined) inodes.set(port, inode);
    }
  }
  return inodes;
}

async function programsByInode(pids: ReadonlyMap<number, string>): Promise<Map<string, string>> {
  const programs = new Map<string, string>();
  for (const [pid, program] of pids) {
    const files = await readdir(`/proc/${pid}/fd`).catch(() => [] as string[]);
    for (const file of files) {
      const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => '');
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode !== undefined) programs.set(inode, program);
    }
  }
  return programs;
}
