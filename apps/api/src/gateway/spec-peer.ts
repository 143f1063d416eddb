import { createHash } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { AttemptEnd } from '@millrace/contracts/wire';

/** What a gateway said. */
export type Answer = {
  type: string;
  id?: number;
  result?: unknown;
  code?: string;
  retryable?: boolean;
  attemptId?: string;
};

/** A peer that speaks the protocol, or breaks it, byte by byte. */
export class Peer {
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  readonly pushed: Answer[] = [];
  readonly closed: Promise<void>;
  private nextId = 1;
  private rest = '';

  constructor(readonly socket: Socket) {
    socket.setEncoding('utf8');
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => socket.on('close', () => resolve()));
    socket.on('data', (chunk: string) => {
      const lines = (this.rest + chunk).split('\n');
      this.rest = lines.pop() ?? '';
      for (const line of lines) this.receive(JSON.parse(line) as Answer);
    });
  }

  static async open(path: string): Promise<Peer> {
    const socket = connect(path);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new Peer(socket);
  }

  private receive(answer: Answer): void {
    const take = answer.id === undefined ? undefined : this.waiting.get(answer.id);
    if (take === undefined) this.pushed.push(answer);
    else take(answer);
  }

  /** Takes the oldest frame of the type that the gateway has pushed, or waits for it. */
  async next<T = Answer>(type: string): Promise<T> {
    await until(() => this.pushed.some((answer) => answer.type === type));
    const at = this.pushed.findIndex((answer) => answer.type === type);
    return this.pushed.splice(at, 1)[0] as T;
  }

  raw(text: string): void {
    this.socket.write(text);
  }

  ask<T = Record<string, unknown>>(frame: Record<string, unknown>): Promise<T> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, (answer) => {
        if (answer.type === 'reply') resolve(answer.result as T);
        else reject(Object.assign(new Error(answer.code), { code: answer.code, retryable: answer.retryable }));
      });
      void this.closed.then(() => reject(new Error('closed')));
      this.raw(`${JSON.stringify({ ...frame, id })}\n`);
    });
  }
}

/** The end of an attempt that succeeded, with changes. */
export function ended(extra: Partial<AttemptEnd> = {}): AttemptEnd {
  const now = Date.now();
  return {
    state: 'succeeded',
    retryable: false,
    output: '{"ok":true}',
    startedAtMs: now - 5,
    endedAtMs: now,
    wallMs: 5,
    cpuMs: 1,
    peakRssBytes: 1,
    lastLogSeq: 0,
    ...extra,
  };
}

export function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/** Waits until something is so; rejects when it is not in time. */
export async function until(what: () => Promise<boolean> | boolean, forMs = 5_000): Promise<void> {
  const end = Date.now() + forMs;
  while (!(await what())) {
    if (Date.now() > end) throw new Error('it did not come about in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
