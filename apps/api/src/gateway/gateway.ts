import { chmod, unlink } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { ControlDatabase, NotificationListener, TenantDatabase } from '@millrace/database';
import { channels } from '@millrace/database';
import { DomainError } from '@millrace/kernel';
import type { GatewayAddress, Logger } from '@millrace/platform';
import { type DirectRunners, loseRunner, type OfferToPush } from '@millrace/runs';
import { AttemptDesk, type DeskParts, type KeptAttempt } from './attempt-desk.js';
import type { ConnectedRunner, Handshake } from './identity.js';
import { RunnerConnection } from './runner-connection.js';

export interface GatewayOptions {
  readonly address: GatewayAddress;
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** How long a runner whose connection closed may take to come back; where left out, 200 on this host and 1,000 elsewhere. */
  readonly graceMs?: number;
}

export interface GatewayParts {
  readonly tenants: TenantDatabase;
  readonly control: ControlDatabase;
  readonly listener: NotificationListener;
  readonly handshake: Handshake;
  readonly desk: DeskParts;
  readonly log: Logger;
}

/** How often it is looked whether a runner that has closed its connection still runs, in milliseconds. */
const lookMs = 20;
/** So long a cancellation is remembered for attempts that were leased before it and become known here after it. */
const rememberCancelMs = 10_000;
/** A runner knows an attempt a moment after the frame that gives it. */
const cancelAfterMs = 50;
const runCancelled = 'the run was cancelled';

/** The runners' door: accepts their streams, notices when one is gone for good, and hands on cancellations. */
export class Gateway implements DirectRunners {
  private readonly connections = new Set<RunnerConnection>();
  private readonly byRunner = new Map<string, RunnerConnection>();
  private readonly graces = new Set<NodeJS.Timeout>();
  /** Runners whose process this one sees: it need not wait for those that have ended. */
  private readonly neighbours = new WeakSet<ConnectedRunner>();
  private readonly cancelledOfLate = new Set<string>();
  private server: Server | undefined;
  private readonly stopListening: (() => void)[] = [];
  private closing = false;

  constructor(
    private readonly parts: GatewayParts,
    private readonly options: GatewayOptions,
  ) {}

  /** @throws DomainError `gateway.address_in_use` where another process listens there. */
  async open(): Promise<void> {
    const { address, tls } = this.options;
    const accept = (socket: Socket): void => this.accept(socket);
    const server = tls === undefined ? createServer(accept) : createTlsServer({ ...tls }, accept);
    if (address.kind === 'unix') await removeStaleSocket(address.path);
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(inUse(address, error)));
      if (address.kind === 'unix') server.listen(address.path, resolve);
      else server.listen(address.port, address.host, resolve);
    });
    server.on('error', (error) => this.parts.log.error({ err: error }, 'the gateway has trouble'));
    // Runners of every pool have users of their own; the credential decides who may speak.
    if (address.kind === 'unix') await chmod(address.path, 0o666);
    this.server = server;
    const { listener } = this.parts;
    this.stopListening.push(
      await listener.listen(channels.cancelledRuns, (runId) => this.passOnCancel(runId)),
      await listener.listen(channels.offers, (payload) => void this.passOnOffer(payload)),
      await listener.listen(channels.endedRuns, (runId) => this.passOnEnd(runId)),
    );
  }

  /** Stops accepting and lets go of the runners, who find another gateway or this one again. Nothing is lost by it. */
  async close(): Promise<void> {
    this.closing = true;
    for (const stop of this.stopListening.splice(0)) stop();
    for (const timer of this.graces) clearTimeout(timer);
    const closed = new Promise<void>((resolve) => {
      if (this.server === undefined) resolve();
      else this.server.close(() => resolve());
    });
    for (const connection of this.connections) connection.destroy();
    await closed;
  }

  connected(poolId: string): readonly string[] {
    const found: string[] = [];
    for (const [runnerId, connection] of this.byRunner) {
      if (connection.runner?.poolId === poolId && !connection.draining) found.push(runnerId);
    }
    return found;
  }

  push(runnerId: string, offer: OfferToPush): void {
    const connection = this.byRunner.get(runnerId);
    // Where it has gone, its lease is settled like those of any lost runner.
    if (connection?.open !== undefined) connection.offer(connection.open.accept(offer, 'direct'));
  }

  private accept(socket: Socket): void {
    const connection = new RunnerConnection(socket, {
      log: this.parts.log,
      admit: (hello) => this.parts.handshake.admit(hello),
      openDesk: (runner) => new AttemptDesk(runner, this.parts.desk, (attempt) => this.checkKept(connection, attempt)),
      onReady: (ready, runner) => this.ready(ready, runner),
      onClosed: (gone) => this.closed(gone),
    });
    this.connections.add(connection);
  }

  private ready(connection: RunnerConnection, runner: ConnectedRunner): void {
    // The newest connection speaks for the runner; an older one is a leftover.
    this.byRunner.get(runner.runnerId)?.destroy();
    this.byRunner.set(runner.runnerId, connection);
    // Behind a socket of this host may still be another container, with numbers of its own.
    if (this.options.address.kind === 'unix' && isRunning(runner.pid)) this.neighbours.add(runner);
    this.parts.desk.metrics.connections.set(this.byRunner.size);
    this.parts.log.info({ runnerId: runner.runnerId, poolId: runner.poolId }, 'runner connected');
  }

  private closed(connection: RunnerConnection): void {
    this.connections.delete(connection);
    const { runner } = connection;
    if (runner === undefined) return;
    if (this.byRunner.get(runner.runnerId) === connection) this.byRunner.delete(runner.runnerId);
    this.parts.desk.metrics.connections.set(this.byRunner.size);
    if (this.closing) return;
    // A drained runner leaves for good, so nobody waits for it.
    const graceMs = connection.draining
      ? 0
      : (this.options.graceMs ?? (this.options.address.kind === 'unix' ? 200 : 1_000));
    this.awaitReturn(runner, connection.draining, graceMs);
  }

  private awaitReturn(runner: ConnectedRunner, drained: boolean, graceMs: number): void {
    if (graceMs <= lookMs || !this.neighbours.has(runner)) {
      this.after(graceMs, () => this.lose(runner, drained, 250));
      return;
    }
    this.after(lookMs, async () => {
      if (isRunning(runner.pid)) this.awaitReturn(runner, drained, graceMs - lookMs);
      else await this.lose(runner, drained, 250);
    });
  }

  private async lose(runner: ConnectedRunner, drained: boolean, retryMs: number): Promise<void> {
    if (this.byRunner.has(runner.runnerId)) return;
    const { runnerId, connectedAt } = runner;
    const reason = drained ? 'drained' : 'connection closed';
    try {
      const report = await this.parts.control.transaction((tx) => loseRunner(tx, { runnerId, connectedAt, reason }));
      if (report.lost) this.parts.log.info({ runnerId, runs: report.runs, reason }, 'runner gone');
    } catch (error) {
      // Whoever holds leases must be noticed, however long the database is away.
      this.parts.log.warn({ err: error, runnerId }, 'a lost runner could not be noted; trying again');
      this.after(retryMs, () => this.lose(runner, drained, Math.min(retryMs * 2, 5_000)));
    }
  }

  private after(delayMs: number, work: () => unknown): void {
    if (this.closing) return;
    const timer = setTimeout(() => {
      this.graces.delete(timer);
      void work();
    }, delayMs);
    this.graces.add(timer);
  }

  /** Where a notification gets lost, the workflow's own cancellation reaches the runner by a heartbeat, a little later. */
  private passOnCancel(runId: string): void {
    this.cancelledOfLate.add(runId);
    this.after(rememberCancelMs, () => this.cancelledOfLate.delete(runId));
    for (const connection of this.connections) {
      for (const { attemptId } of connection.open?.liveOf(runId) ?? []) connection.cancel(attemptId, runCancelled);
    }
  }

  /** The lease may have been made before the cancellation, and its answer have come after it. */
  private checkKept(connection: RunnerConnection, { runId, attemptId }: KeptAttempt): void {
    if (!this.cancelledOfLate.has(runId)) return;
    this.after(cancelAfterMs, () => connection.cancel(attemptId, runCancelled));
  }

  /** A lease was made for a runner of this gateway, or of another one. */
  private async passOnOffer(payload: string): Promise<void> {
    const [runnerId = '', attemptId = ''] = payload.split(' ');
    const connection = this.byRunner.get(runnerId);
    if (connection?.open === undefined) return;
    try {
      const stretch = await connection.open.takeOffer(attemptId);
      if (stretch !== undefined) connection.offer(stretch);
    } catch (error) {
      // Nobody has it in hand: the workflow settles it when it finds that the runner does not know of it.
      this.parts.log.warn({ err: error, runnerId, attemptId }, 'an offer was not passed on');
    }
  }

  private passOnEnd(runId: string): void {
    for (const connection of this.connections) if (connection.open?.served(runId) === true) connection.runEnded(runId);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** A socket file that nobody listens on was left by a process that was killed. */
async function removeStaleSocket(path: string): Promise<void> {
  const alive = await new Promise<boolean>((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
  if (alive) throw inUse({ kind: 'unix', path });
  await unlink(path).catch(() => undefined);
}

function inUse(address: GatewayAddress, cause?: unknown): DomainError {
  const where = address.kind === 'unix' ? address.path : `${address.host}:${address.port}`;
  const reason = cause instanceof Error ? `: ${cause.message}` : ', where another process listens';
  return new DomainError(
    'conflict',
    'gateway.address_in_use',
    `the runner gateway cannot listen on ${where}${reason}`,
    {
      cause,
    },
  );
}
