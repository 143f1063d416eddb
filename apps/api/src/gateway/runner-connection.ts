import type { Socket } from 'node:net';
import type { GatewayFrame, OfferedStretchFrame, RunnerFrame } from '@millrace/contracts/wire';
import { wireProtocol } from '@millrace/contracts/wire';
import { DomainError } from '@millrace/kernel';
import type { Logger } from '@millrace/platform';
import type { AttemptDesk } from './attempt-desk.js';
import { LineReader, parseFrame, ProtocolError } from './frame-reader.js';
import type { ConnectedRunner, HelloFrame } from './identity.js';

export interface ConnectionOptions {
  readonly log: Logger;
  /** Checks the hello and registers the runner. */
  readonly admit: (hello: HelloFrame) => Promise<ConnectedRunner>;
  readonly openDesk: (runner: ConnectedRunner) => AttemptDesk;
  readonly onReady: (connection: RunnerConnection, runner: ConnectedRunner) => void;
  readonly onClosed: (connection: RunnerConnection) => void;
}

/** Requests of one connection that are carried out at the same time; what comes beyond waits in the peer's socket. */
const maxInFlight = 64;
const helloTimeoutMs = 10_000;
/** A runner pings at least every few seconds; a peer that says nothing for this long is not there any more. */
const silenceMs = 30_000;

type Request = Exclude<RunnerFrame, { type: 'ping' | 'started' | 'hello' }>;

/** One runner's stream: reads frames with back-pressure, answers by id, pushes. Whatever breaks the protocol ends it. */
export class RunnerConnection {
  private readonly reader = new LineReader();
  private readonly waiting: string[] = [];
  private inFlight = 0;
  private blocked = false;
  private failed = false;
  private closed = false;
  private greeted = false;
  private desk: AttemptDesk | undefined;
  private helloTimer: NodeJS.Timeout | undefined;
  /** Set once the runner is known. */
  runner: ConnectedRunner | undefined;
  /** True once the runner said that it takes nothing new. */
  draining = false;

  constructor(
    private readonly socket: Socket,
    private readonly options: ConnectionOptions,
  ) {
    socket.setNoDelay(true);
    socket.setTimeout(silenceMs, () =>
      this.fail(new ProtocolError('connection.silent', 'nothing was heard for too long')),
    );
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => this.end());
    socket.on('drain', () => {
      this.blocked = false;
      this.work();
    });
    this.helloTimer = setTimeout(
      () => this.fail(new ProtocolError('hello.timeout', 'no hello came in time')),
      helloTimeoutMs,
    );
  }

  /** The desk of a ready connection. */
  get open(): AttemptDesk | undefined {
    return this.desk;
  }

  /** Asks the runner to stop an attempt. */
  cancel(attemptId: string, reason: string): void {
    this.send({ type: 'cancel', attemptId, reason });
  }

  /** Hands over a stretch of which the first attempt is leased to the runner. */
  offer(stretch: OfferedStretchFrame): void {
    this.send({ type: 'offer', stretch });
  }

  /** Says that a run has ended. */
  runEnded(runId: string): void {
    this.send({ type: 'run.ended', runId });
  }

  /** Ends the stream; the runner connects again if it has reason to. */
  destroy(): void {
    this.socket.destroy();
  }

  private receive(chunk: Buffer): void {
    if (this.failed) return;
    try {
      this.waiting.push(...this.reader.push(chunk));
    } catch (error) {
      this.fail(error);
      return;
    }
    this.work();
  }

  private work(): void {
    while (!this.closed && !this.failed && !this.blocked && this.inFlight < maxInFlight) {
      const line = this.waiting.shift();
      if (line === undefined) break;
      try {
        this.take(parseFrame(line));
      } catch (error) {
        this.fail(error);
        return;
      }
    }
    // Whoever does not read its answers, or asks faster than they can be given, is not read from either.
    if (this.waiting.length > 0 || this.blocked) this.socket.pause();
    else this.socket.resume();
  }

  private take(frame: RunnerFrame): void {
    if (frame.type === 'hello') {
      if (this.greeted) throw new ProtocolError('frame.out_of_order', 'a connection says hello once');
      this.greeted = true;
      this.answer(frame.id, this.greet(frame));
      return;
    }
    const { desk } = this;
    if (desk === undefined) throw new ProtocolError('frame.out_of_order', 'nothing comes before the answer to hello');
    if (frame.type === 'ping') this.send({ type: 'pong' });
    else if (frame.type === 'started') desk.started(frame);
    else this.answer(frame.id, this.carryOut(desk, frame));
  }

  private async greet(hello: HelloFrame): Promise<{ protocol: number; serverAtMs: number }> {
    const runner = await this.options.admit(hello).catch((error: unknown) => {
      // A refused runner gets its answer, and then the end of the connection.
      if (error instanceof DomainError) setImmediate(() => this.socket.end());
      throw error;
    });
    clearTimeout(this.helloTimer);
    this.runner = runner;
    this.desk = this.options.openDesk(runner);
    if (this.closed) this.options.onClosed(this);
    else this.options.onReady(this, runner);
    return { protocol: wireProtocol, serverAtMs: Date.now() };
  }

  private carryOut(desk: AttemptDesk, frame: Request): Promise<unknown> {
    switch (frame.type) {
      case 'begin':
        return desk.begin(frame);
      case 'log':
        return desk.log(frame);
      case 'artifact':
        return desk.artifact(frame);
      case 'end':
        return desk.end(frame);
      case 'blob.read':
        return desk.readBlob(frame);
      case 'blob.write':
        return desk.writeBlob(frame);
      case 'build.begin':
        return desk.beginBuild(frame);
      case 'decline':
        return desk.decline(frame);
      case 'drain':
        this.draining = true;
        return Promise.resolve({});
    }
  }

  private answer(id: number, result: Promise<unknown>): void {
    this.inFlight += 1;
    result
      .then(
        (value) => this.send({ type: 'reply', id, result: value }),
        (error: unknown) => this.refuse(id, error),
      )
      .finally(() => {
        this.inFlight -= 1;
        this.work();
      })
      // Nothing above throws but a bug in it; the connection is then of no use.
      .catch((error: unknown) => this.fail(error));
  }

  private refuse(id: number, error: unknown): void {
    if (error instanceof ProtocolError) {
      this.fail(error);
      return;
    }
    if (error instanceof DomainError) {
      const retryable = error.kind === 'unavailable' || error.kind === 'internal' || error.kind === 'rate_limited';
      this.send({ type: 'error', id, code: error.code, message: error.message, retryable });
      return;
    }
    this.options.log.error({ err: error, runnerId: this.runner?.runnerId }, 'a request of a runner failed');
    this.send({ type: 'error', id, code: 'internal', message: 'the gateway could not carry it out', retryable: true });
  }

  private send(frame: GatewayFrame): void {
    if (this.closed || this.socket.destroyed) return;
    if (!this.socket.write(`${JSON.stringify(frame)}\n`)) this.blocked = true;
  }

  private fail(error: unknown): void {
    if (this.closed || this.failed) return;
    this.failed = true;
    const known = error instanceof ProtocolError ? error : undefined;
    this.options.log.warn(
      { err: known === undefined ? error : undefined, code: known?.code, runnerId: this.runner?.runnerId },
      `closing the connection of a runner: ${known?.message ?? 'unexpected error'}`,
    );
    this.send({
      type: 'error',
      code: known?.code ?? 'internal',
      message: known?.message ?? 'unexpected error',
      retryable: known === undefined,
    });
    // Nothing more is read; the reason is sent out and the connection ends for good.
    this.waiting.length = 0;
    this.socket.end(() => this.socket.destroy());
    this.socket.setTimeout(1_000, () => this.socket.destroy());
  }

  private end(): void {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.helloTimer);
    this.desk?.close();
    this.options.onClosed(this);
  }
}
