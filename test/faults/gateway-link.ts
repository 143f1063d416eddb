import { chmod, lstat, rename } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A frame of the gateway that hands a lease to a runner. */
export interface PassingLease {
  readonly attemptId: string;
  readonly kind: 'offer' | 'reply';
}

type Judge = (lease: PassingLease) => 'pass' | 'swallow' | { readonly holdMs: number };

/**
 * Stands between the runners and the gateway on one host: the gateway's socket gets another name and this one takes its
 * place. Frames from the gateway are looked at one by one, those from the runners pass as they are.
 */
export class GatewayLink {
  private server: Server | undefined;
  private readonly pairs = new Set<{ readonly near: Socket; readonly far: Socket }>();
  private judge: Judge | undefined;
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(private readonly path: string) {}

  private get farPath(): string {
    return `${this.path}.gateway`;
  }

  get connections(): number {
    return this.pairs.size;
  }

  /** Takes the place of the gateway's socket once that is there. */
  async adopt(limitMs = 60_000): Promise<void> {
    const until = Date.now() + limitMs;
    while (!(await isSocket(this.path))) {
      if (Date.now() > until) throw new Error(`no gateway listens on ${this.path}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await rename(this.path, this.farPath);
    const server = createServer((near) => this.accept(near));
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.path, resolve);
    });
    await chmod(this.path, 0o666);
  }

  /** Gives the place back: the gateway has gone, or is about to, and another one will listen there. */
  async release(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    this.judge = undefined;
    for (const timer of this.timers) clearTimeout(timer);
    if (server === undefined) return;
    const closed = new Promise((resolve) => server.close(resolve));
    this.drop();
    await closed;
  }

  drop(): number {
    const count = this.pairs.size;
    for (const { near, far } of this.pairs) {
      near.destroy();
      far.destroy();
    }
    return count;
  }

  /** What is said arrives so much later, in both directions; no connection is closed. */
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

  /** Decides about the frames that hand out leases, until it is told otherwise. */
  onLease(judge: Judge | undefined): void {
    this.judge = judge;
  }

  private accept(near: Socket): void {
    const far = connect(this.farPath);
    const pair = { near, far };
    this.pairs.add(pair);
    const end = (): void => {
      this.pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      socket.on('error', end);
      socket.on('close', end);
    }
    near.on('data', (chunk) => {
      if (far.write(chunk)) return;
      near.pause();
      far.once('drain', () => near.resume());
    });
    let rest: Buffer = Buffer.alloc(0);
    far.on('data', (chunk: Buffer) => {
      let data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let roomy = true;
      for (let end = data.indexOf(0x0a); end >= 0; end = data.indexOf(0x0a)) {
        roomy = this.deliver(near, data.subarray(0, end + 1));
        data = data.subarray(end + 1);
      }
      rest = Buffer.from(data);
      if (roomy) return;
      far.pause();
      near.once('drain', () => far.resume());
    });
  }

  private deliver(near: Socket, line: Buffer): boolean {
    const lease = this.judge === undefined ? undefined : leaseIn(line);
    const verdict = lease === undefined ? 'pass' : (this.judge?.(lease) ?? 'pass');
    if (verdict === 'pass') return near.write(line);
    if (verdict === 'swallow') return true;
    const copy = Buffer.from(line);
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      if (!near.destroyed) near.write(copy);
    }, verdict.holdMs);
    this.timers.add(timer);
    return true;
  }
}

interface LeasingFrame {
  readonly type: string;
  readonly stretch?: { readonly offer: { readonly attemptId: string } };
  readonly result?: {
    readonly offer?: { readonly attemptId: string };
    readonly next?: { readonly offer?: { readonly attemptId: string } };
  };
}

function leaseIn(line: Buffer): PassingLease | undefined {
  if (!line.includes('"attemptId"')) return undefined;
  const frame = JSON.parse(line.toString('utf8')) as LeasingFrame;
  if (frame.type === 'offer' && frame.stretch !== undefined) {
    return { attemptId: frame.stretch.offer.attemptId, kind: 'offer' };
  }
  const leased = frame.type === 'reply' ? (frame.result?.offer ?? frame.result?.next?.offer) : undefined;
  return leased === undefined ? undefined : { attemptId: leased.attemptId, kind: 'reply' };
}

async function isSocket(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isSocket(),
    () => false,
  );
}
