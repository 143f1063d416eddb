import { createHash, randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Head } from '@millrace/contracts';
import type { BeginReply, Follower, Offer, RunnerFrame } from '@millrace/contracts/wire';
import { logger } from '@millrace/platform';
import { detectTier, type SandboxHost, type SandboxMode, startSandboxHost } from '@millrace/sandbox';
import { builtinModules } from '@millrace/tasks/runners';
import type { AttemptParts } from './attempt.js';
import { AttemptSlots } from './attempt-slots.js';
import { Blobs } from './blobs.js';
import { BundleCache } from './bundle-cache.js';
import { GatewayClient } from './gateway-client.js';
import { bundleOf, taskFiles } from './spec-platform.js';
import { Stretches } from './stretches.js';

export type Frame<T extends RunnerFrame['type']> = Extract<RunnerFrame, { type: T }>;
type Wanted = Pick<Frame<'begin'>, 'taskId' | 'mapIndex' | 'dispatch' | 'try'>;

/** A frame as the gateway heard it, with the time by the monotonic clock. */
export interface Heard {
  readonly frame: RunnerFrame;
  readonly at: number;
}

const host = { protocol: 2, poolId: 'pool_1', credential: 'secret', tier: 'none', host: 'h', version: '0' } as const;
const someUid = 62_007;
const isRoot = process.getuid?.() === 0;

/** A gateway without a database: it leases whatever is asked for, unless a spec says otherwise. */
export class SpecGateway {
  readonly heard: Heard[] = [];
  /** When each attempt was handed over, by its id. */
  readonly handedOver = new Map<string, number>();
  /** Says what the answer to a lease is where it is not `leased`. */
  onLease: (wanted: Wanted) => Exclude<BeginReply, { outcome: 'leased' }> | undefined = () => undefined;
  /** Told of each end before it is answered; false: it is stale; a promise is waited for. */
  onEnd: (end: Frame<'end'>) => boolean | Promise<boolean> = () => true;
  followers: readonly Follower[] = [];
  entryOf: (taskId: string) => string = () => 'quick.mjs';
  more: Partial<Offer> = {};
  private readonly tasks = new Map<string, Wanted>();
  private readonly answered = new Map<string, unknown>();
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;

  constructor(
    readonly path: string,
    private readonly bundle: Buffer,
  ) {}

  async listen(): Promise<void> {
    this.server = createServer((socket) => {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.sockets.delete(socket));
      let rest = '';
      socket.setEncoding('utf8');
      socket.on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) void this.take(socket, JSON.parse(line) as RunnerFrame);
      });
    });
    await new Promise<void>((resolve) => this.server?.listen(this.path, resolve));
  }

  /** Pushes a stretch whose first attempt is leased; gives that attempt's id. */
  offer(first: Head, heads: readonly Head[] = [], followers: readonly Follower[] = [], attemptId?: string): string {
    const offer = this.lease(first, attemptId);
    const { taskId, mapIndex, dispatch } = first;
    const stretch = { runId: 'run_1', first: { taskId, mapIndex, dispatch }, offer, heads, followers };
    this.push({ type: 'offer', stretch: { ...stretch, firstDispatch: 1 } });
    return offer.attemptId;
  }

  push(frame: object): void {
    for (const socket of this.sockets) socket.write(`${JSON.stringify(frame)}\n`);
  }

  /** Cuts the line. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  frames<T extends RunnerFrame['type']>(type: T): Frame<T>[] {
    return this.heard.flatMap(({ frame }) => (frame.type === type ? [frame as Frame<T>] : []));
  }

  taskOf(attemptId: string): string {
    return this.tasks.get(attemptId)?.taskId ?? attemptId;
  }

  /** The attempts that are leased and not ended, by their tasks. */
  get underWay(): string[] {
    return [...this.tasks.keys()].filter((id) => !this.answered.has(id)).map((id) => this.taskOf(id));
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  private async take(socket: Socket, frame: RunnerFrame): Promise<void> {
    if (frame.type === 'ping') return;
    this.heard.push({ frame, at: performance.now() });
    if (!('id' in frame)) return;
    const result = await this.answer(frame);
    if (result !== undefined) socket.write(`${JSON.stringify({ type: 'reply', id: frame.id, result })}\n`);
  }

  private async answer(frame: RunnerFrame): Promise<unknown> {
    switch (frame.type) {
      case 'hello':
        return { protocol: 2, serverAtMs: Date.now() };
      case 'begin':
        return this.leased(frame, frame.fused && frame.stretch === undefined);
      case 'end':
        return this.end(frame);
      case 'blob.read': {
        const data = this.bundle.toString('base64');
        return { data, totalBytes: this.bundle.length, last: true };
      }
      default:
        return { outcome: 'ok' };
    }
  }

  private async end(frame: Frame<'end'>): Promise<unknown> {
    const before = this.answered.get(frame.attemptId);
    if (before !== undefined) return before;
    if (!(await this.onEnd(frame))) return { outcome: 'stale' };
    const next = frame.next === undefined ? {} : { next: this.leased(frame.next, false) };
    this.answered.set(frame.attemptId, { outcome: 'duplicate', ...next });
    return { outcome: 'ok', ...next };
  }

  private leased(wanted: Wanted, withFollowers: boolean): BeginReply {
    const other = this.onLease(wanted);
    if (other !== undefined) return other;
    const offer = this.lease(wanted);
    return { outcome: 'leased', offer, ...(withFollowers ? { followers: [...this.followers] } : {}) };
  }

  private lease(wanted: Wanted, attemptId = `att_${randomUUID()}`): Offer {
    this.tasks.set(attemptId, wanted);
    this.handedOver.set(attemptId, performance.now());
    return {
      attemptId,
      fence: 1,
      grant: 'grant',
      task: { type: 'node', config: { entry: this.entryOf(wanted.taskId), export: 'default' }, params: '{}' },
      pipeline: 'p',
      environment: 'e',
      try: wanted.try,
      bundle: { digest: `sha256:${createHash('sha256').update(this.bundle).digest('hex')}` },
      secrets: {},
      connections: [],
      variables: {},
      timeoutMs: 60_000,
      memoryBytes: 512 * 1024 * 1024,
      egressOpen: [],
      ...this.more,
    };
  }
}

/** The half of a runner that needs no Temporal, connected to a gateway of the spec's. */
export interface SpecRunner {
  readonly gateway: SpecGateway;
  readonly client: GatewayClient;
  readonly slots: AttemptSlots;
  readonly stretches: Stretches;
  readonly sandboxes: SandboxHost;
  close(): Promise<void>;
}

export async function specRunner(options: { slots?: number; mode?: SandboxMode } = {}): Promise<SpecRunner> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-'));
  await chmod(folder, 0o711);
  const gateway = new SpecGateway(join(folder, 'g.sock'), await bundleOf(taskFiles));
  await gateway.listen();
  const log = logger('spec', { level: 'fatal' });
  const count = options.slots ?? 2;
  const slots: AttemptSlots = new AttemptSlots(count, () => stretches.grow());
  const client = new GatewayClient({
    address: { kind: 'unix', path: gateway.path },
    log,
    hello: { ...host, runnerId: 'rnr_1', slots: count, pid: process.pid, uid: 1 },
    onCancel: (attemptId, reason) => stretches.cancel(attemptId, reason),
    onOffer: (stretch) => stretches.offered(stretch),
    onRunEnded: (runId) => sandboxes.runEnded(runId),
    onDrain: () => stretches.leave(),
    onRefused: () => undefined,
  });
  const spoolFolder = join(folder, 'spool');
  const bundleFolder = join(folder, 'bundles');
  await Promise.all([mkdir(spoolFolder), mkdir(bundleFolder)]);
  const tier = await detectTier();
  const sandboxes = await startSandboxHost({
    tier: tier.tier,
    workDir: join(folder, 'sandboxes'),
    ...(tier.bubblewrap === undefined ? {} : { bubblewrapPath: tier.bubblewrap.path }),
    ...(isRoot ? { runAs: { uid: someUid, gid: someUid } } : {}),
    builtins: builtinModules,
    mode: options.mode ?? 'run',
    graceMs: 300,
    spares: count,
  });
  const blobs = new Blobs(client);
  const bundles = new BundleCache(bundleFolder, blobs);
  const parts: AttemptParts = { gateway: client, blobs, bundles, sandboxes, spoolFolder, log };
  const stretches = new Stretches(parts, slots);
  await client.open();
  return {
    gateway,
    client,
    slots,
    stretches,
    sandboxes,
    async close() {
      client.close();
      await sandboxes.close();
      await gateway.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
