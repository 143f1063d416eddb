import type { RunnerAssignment } from '@millrace/contracts/assignment';
import type { GatewayFrame, OfferedStretchFrame, RunnerFrame } from '@millrace/contracts/wire';
import type { Logger } from '@millrace/platform';
import { z } from 'zod';
import { WireSocket } from './wire-socket.js';

const anything = z.unknown();

type OfType<T extends RunnerFrame['type']> = Extract<RunnerFrame, { type: T }>;
type Distribute<T> = T extends { id: number } ? Omit<T, 'id'> : never;
/** A frame that is answered; its id is given by the client. */
export type Question = Distribute<RunnerFrame>;

/** The gateway refused a request; a repeat changes nothing. */
export class GatewayRefusal extends Error {
  override readonly name = 'GatewayRefusal';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The connection closed before a request that is not repeated was answered. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

/** This runner will never be connected again: the platform refused it, or it is closed. */
export class GatewayGone extends Error {
  override readonly name = 'GatewayGone';
}

export interface GatewayClientOptions {
  readonly address: RunnerAssignment['gateway'];
  readonly hello: Omit<OfType<'hello'>, 'id' | 'type'>;
  readonly log: Logger;
  readonly onCancel: (attemptId: string, reason: string) => void;
  readonly onOffer: (stretch: OfferedStretchFrame) => void;
  readonly onRunEnded: (runId: string) => void;
  readonly onDrain: () => void;
  /** The gateway does not take this runner (any more); the client is closed by then. */
  readonly onRefused: (refusal: GatewayRefusal) => void;
}

interface Pending {
  readonly frame: RunnerFrame & { readonly id: number };
  /** Sent again on the next connection; else it fails with the one it was sent on. */
  readonly repeat: boolean;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  sent: boolean;
}

/** Fewer than the gateway takes at once, so that a slow answer never blocks the stream. */
const maxInFlight = 48;
const pingMs = 5_000;
const silenceMs = 15_000;
const firstRetryMs = 50;
const maxRetryMs = 2_000;
const repeatAfterErrorMs = 250;

/**
 * The runner's one line to the platform. It reconnects by itself, and what must not get lost is asked again until it is
 * answered: every such request may be repeated without a second effect.
 */
export class GatewayClient {
  private socket: WireSocket | undefined;
  private ready = false;
  private closed = false;
  private nextId = 1;
  private inFlight = 0;
  private full = false;
  private readonly pending = new Map<number, Pending>();
  private readonly queue: Pending[] = [];
  private ticker: NodeJS.Timeout | undefined;
  private retryTimer: NodeJS.Timeout | undefined;
  private heardAt = 0;
  private lostAt: number | undefined = performance.now();
  private firstReady: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;

  constructor(private readonly options: GatewayClientOptions) {}

  /** Milliseconds since there was a connection; 0 while there is one. */
  get lostForMs(): number {
    return this.lostAt === undefined ? 0 : performance.now() - this.lostAt;
  }

  /** Resolves with the first connection that the gateway accepted; rejects with `GatewayRefusal` when it refuses. */
  open(): Promise<void> {
    if (this.closed) return Promise.reject(new GatewayGone('the connection to the gateway is closed'));
    const opened = new Promise<void>((resolve, reject) => {
      this.firstReady = { resolve, reject };
    });
    this.ticker = setInterval(() => this.tick(), pingMs);
    this.connect(firstRetryMs);
    return opened;
  }

  /**
   * Asks and waits for the answer. With `repeat` (the default) the question outlives connections and failures of the
   * gateway. @throws GatewayRefusal, GatewayGone, and without `repeat` ConnectionLost.
   */
  async ask<S extends z.ZodType>(question: Question, answer: S, { repeat = true } = {}): Promise<z.infer<S>> {
    const result = await new Promise<unknown>((resolve, reject) => {
      if (this.closed) {
        reject(new GatewayGone('the connection to the gateway is closed'));
        return;
      }
      const frame = { ...question, id: this.nextId++ } as RunnerFrame & { readonly id: number };
      const pending: Pending = { frame, repeat, resolve, reject, sent: false };
      this.pending.set(frame.id, pending);
      this.queue.push(pending);
      this.pump();
    });
    return answer.parse(result);
  }

  /** Says something that needs no answer, if there is a connection. */
  tell(frame: OfType<'started'>): void {
    if (this.ready) this.socket?.send(frame);
  }

  /** Says that this runner takes nothing new and will not come back. */
  async sayDraining(): Promise<void> {
    await this.ask({ type: 'drain' }, anything, { repeat: false });
  }

  close(): void {
    this.end(new GatewayGone('the connection to the gateway is closed'));
  }

  private end(error: Error): void {
    if (this.closed) return;
    this.closed = true;
    this.ready = false;
    clearInterval(this.ticker);
    clearTimeout(this.retryTimer);
    this.socket?.destroy();
    this.firstReady?.reject(error);
    for (const pending of this.pending.values()) pending.reject(error);
    this.pending.clear();
    this.queue.length = 0;
  }

  private connect(retryMs: number): void {
    if (this.closed) return;
    const again = (): void => {
      // Many runners come back to a restarted gateway at the same time; they need not do it in step.
      const delayMs = retryMs * (0.5 + Math.random());
      this.retryTimer = setTimeout(() => this.connect(Math.min(retryMs * 2, maxRetryMs)), delayMs);
    };
    let mine: WireSocket | undefined;
    WireSocket.open(this.options.address, {
      onFrame: (frame) => this.receive(frame),
      onDrain: () => {
        this.full = false;
        this.pump();
      },
      onClose: (reason) => {
        const wasReady = this.ready;
        this.lost(mine, reason);
        // A gateway that accepted us is asked at once; one that closes before it answered is given time.
        if (wasReady) this.connect(firstRetryMs);
        else again();
      },
    }).then(
      (socket) => {
        mine = socket;
        if (this.closed) {
          socket.destroy();
          return;
        }
        this.socket = socket;
        this.heardAt = performance.now();
        this.full = false;
        socket.send({ type: 'hello', id: 0, ...this.options.hello });
      },
      (error: unknown) => {
        this.options.log.debug({ err: error }, 'the gateway cannot be reached');
        again();
      },
    );
  }

  private lost(socket: WireSocket | undefined, reason: string): void {
    if (this.closed || (socket !== undefined && socket !== this.socket)) return;
    if (this.ready) this.options.log.warn({ reason }, 'lost the gateway; connecting again');
    this.socket = undefined;
    this.ready = false;
    this.lostAt ??= performance.now();
    this.inFlight = 0;
    this.queue.length = 0;
    for (const [id, pending] of this.pending) {
      if (pending.sent && !pending.repeat) {
        this.pending.delete(id);
        pending.reject(new ConnectionLost('the connection to the gateway was lost'));
      } else {
        pending.sent = false;
        this.queue.push(pending);
      }
    }
  }

  private pump(): void {
    while (this.ready && !this.full && this.inFlight < maxInFlight) {
      const pending = this.queue.shift();
      if (pending === undefined) return;
      pending.sent = true;
      this.inFlight += 1;
      try {
        if (this.socket?.send(pending.frame) === false) this.full = true;
      } catch (error) {
        this.inFlight -= 1;
        this.pending.delete(pending.frame.id);
        pending.reject(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }

  private receive(frame: GatewayFrame): void {
    this.heardAt = performance.now();
    switch (frame.type) {
      case 'reply':
        if (frame.id === 0) this.greeted();
        else this.answered(frame.id, (pending) => pending.resolve(frame.result));
        return;
      case 'error':
        this.refused(frame);
        return;
      case 'cancel':
        this.options.onCancel(frame.attemptId, frame.reason);
        return;
      case 'offer':
        this.options.onOffer(frame.stretch);
        return;
      case 'run.ended':
        this.options.onRunEnded(frame.runId);
        return;
      case 'drain':
        this.options.onDrain();
        return;
      case 'pong':
        return;
    }
  }

  private greeted(): void {
    this.ready = true;
    this.lostAt = undefined;
    this.firstReady?.resolve();
    this.firstReady = undefined;
    this.pump();
  }

  private refused(frame: Extract<GatewayFrame, { type: 'error' }>): void {
    const refusal = new GatewayRefusal(frame.code, frame.message);
    if (frame.id === undefined) {
      this.options.log.warn({ code: frame.code }, `the gateway ends the connection: ${frame.message}`);
    } else if (frame.id === 0) {
      // It may be short of its database; everything else is for good.
      if (frame.retryable) this.socket?.destroy();
      else {
        this.end(refusal);
        this.options.onRefused(refusal);
      }
    } else if (frame.retryable && this.pending.get(frame.id)?.repeat === true) {
      this.repeatLater(frame.id);
    } else this.answered(frame.id, (pending) => pending.reject(refusal));
  }

  private repeatLater(id: number): void {
    const pending = this.pending.get(id);
    if (pending === undefined) return;
    pending.sent = false;
    this.inFlight -= 1;
    setTimeout(() => {
      // A lost connection may have put it back into the queue meanwhile, or even sent it again.
      if (this.closed || pending.sent || !this.pending.has(id) || this.queue.includes(pending)) return;
      this.queue.push(pending);
      this.pump();
    }, repeatAfterErrorMs);
  }

  private answered(id: number, settle: (pending: Pending) => void): void {
    const pending = this.pending.get(id);
    if (pending === undefined) return;
    this.pending.delete(id);
    this.inFlight -= 1;
    settle(pending);
    this.pump();
  }

  private tick(): void {
    if (this.socket === undefined) return;
    if (performance.now() - this.heardAt > silenceMs) this.socket.destroy();
    else if (this.ready) this.socket.send({ type: 'ping' });
  }
}
