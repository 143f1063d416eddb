import { StringDecoder } from 'node:string_decoder';
import type { LogLine } from '@millrace/contracts/wire';
import type { RedactionStream, Redactor } from '@millrace/redaction';
import { LogLines } from '@millrace/sandbox';
import { LogSpool } from './log-spool.js';

/** Sends lines and resolves when they are stored; `false` when the attempt is no longer ours. */
export type SendLines = (lines: LogLine[]) => Promise<boolean>;

export interface AttemptLogOptions {
  readonly send: SendLines;
  readonly redactor: Redactor;
  readonly spoolPath: string;
  /** The gateway refused lines: the lease is over. */
  readonly onStale: () => void;
  /** Most that one attempt may write; 256 MiB where left out. What comes beyond is dropped and shows as a gap. */
  readonly maxBytes?: number;
}

const maxLineChars = 16 * 1024;
const maxBatchLines = 1_000;
const maxBatchBytes = 256 * 1024;
/** Lines kept in memory; what comes beyond goes to disk. */
const maxMemoryBytes = 1024 * 1024;
/** Bytes on disk from which on the task has to wait before it writes more. */
const maxSpoolBytes = 64 * 1024 * 1024;
const flushDelayMs = 25;
/** Lines up to so many bytes travel with the end of the attempt. */
const maxCarriedBytes = 64 * 1024;
/** Per line, beside its text: what JSON adds to it. */
const lineOverhead = 80;

type Stream = LogLine['stream'];

/** One of the task's streams on its way: bytes to text, secrets out, text to lines. */
class StreamLines {
  private readonly decoder = new StringDecoder('utf8');
  private readonly redaction: RedactionStream;
  private readonly lines: LogLines;

  constructor(redactor: Redactor, onLine: (text: string) => void) {
    this.redaction = redactor.stream();
    this.lines = new LogLines(maxLineChars, onLine);
  }

  push(bytes: Uint8Array): void {
    this.lines.push(Buffer.from(this.redaction.write(this.decoder.write(Buffer.from(bytes)))));
  }

  end(): void {
    this.lines.push(Buffer.from(this.redaction.write(this.decoder.end()) + this.redaction.end()));
    this.lines.end();
  }
}

/**
 * The log of one attempt: numbers its lines without gaps, redacts them, and ships them in order, one batch at a time,
 * until each is acknowledged. While the gateway is away, lines wait in memory and then on disk.
 */
export class AttemptLog {
  private readonly streams: Readonly<Record<'stdout' | 'stderr', StreamLines>>;
  private readonly spool: LogSpool;
  private memory: LogLine[] = [];
  private memoryBytes = 0;
  private readonly toSpool: LogLine[] = [];
  private seq = 0;
  private bytes = 0;
  private dropping = false;
  private stale = false;
  private nowMs = 0;
  private flushTimer: NodeJS.Timeout | undefined;
  private shipping: Promise<void> | undefined;
  private spooling: Promise<void> = Promise.resolve();
  private roomWaiters: (() => void)[] = [];

  constructor(private readonly options: AttemptLogOptions) {
    const { redactor } = options;
    this.streams = {
      stdout: new StreamLines(redactor, (text) => this.add('stdout', text)),
      stderr: new StreamLines(redactor, (text) => this.add('stderr', text)),
    };
    this.spool = new LogSpool(options.spoolPath);
  }

  /** Sequence number of the last line. */
  get lastSeq(): number {
    return this.seq;
  }

  /** Takes what the task wrote. The promise, if there is one, is the task's to wait for. */
  write(stream: 'stdout' | 'stderr', bytes: Uint8Array, atMs: number): void | Promise<void> {
    this.nowMs = atMs;
    this.streams[stream].push(bytes);
    if (this.spool.waitingBytes < maxSpoolBytes || this.stale) return;
    return new Promise((resolve) => this.roomWaiters.push(resolve));
  }

  /** A line of the platform's own. */
  system(text: string, atMs: number): void {
    this.nowMs = atMs;
    this.add('system', this.options.redactor.redact(text).slice(0, maxLineChars));
  }

  /**
   * Ships everything but what the end can carry, and gives that. Resolves when all else is stored, or when the attempt
   * is no longer ours.
   */
  async end(): Promise<LogLine[]> {
    this.streams.stdout.end();
    this.streams.stderr.end();
    // What came while a batch was on its way can still travel with the end.
    await this.shipping;
    const onDisk = this.toSpool.length > 0 || this.spool.waitingBytes > 0;
    const last = onDisk || this.memoryBytes > maxCarriedBytes ? [] : this.takeMemory();
    await this.flush();
    await this.spool.close();
    return last;
  }

  /** Gives the rest up. */
  async abandon(): Promise<void> {
    this.becomeStale();
    await this.shipping?.catch(() => undefined);
    await this.spool.close();
  }

  private takeMemory(): LogLine[] {
    const lines = this.memory.slice(0, maxBatchLines);
    if (lines.length < this.memory.length) return [];
    this.memory = [];
    this.memoryBytes = 0;
    return lines;
  }

  private add(stream: Stream, text: string): void {
    if (this.stale) return;
    const size = Buffer.byteLength(text) + lineOverhead;
    this.bytes += size;
    const maxBytes = this.options.maxBytes ?? 256 * 1024 * 1024;
    this.seq += 1;
    if (this.bytes > maxBytes) {
      if (this.dropping) return;
      this.dropping = true;
      this.keep({ seq: this.seq, at: this.nowMs, stream: 'system', text: dropNotice(maxBytes) }, size);
      return;
    }
    this.keep({ seq: this.seq, at: this.nowMs, stream, text }, size);
  }

  private keep(line: LogLine, size: number): void {
    // Once something lies on disk, everything that follows does, so that the order is kept.
    const onDisk = this.toSpool.length > 0 || this.spool.waitingBytes > 0;
    if (onDisk || this.memoryBytes + size > maxMemoryBytes) {
      this.toSpool.push(line);
      if (this.toSpool.length === 1) this.spooling = this.spooling.then(() => this.writeSpool());
    } else {
      this.memory.push(line);
      this.memoryBytes += size;
    }
    this.flushTimer ??= setTimeout(() => {
      void this.flush();
    }, flushDelayMs);
  }

  private async writeSpool(): Promise<void> {
    const lines = [...this.toSpool];
    await this.spool.append(lines);
    // More may have come meanwhile; until all is on disk, what follows goes there too.
    this.toSpool.splice(0, lines.length);
    if (this.toSpool.length > 0) await this.writeSpool();
  }

  private async flush(): Promise<void> {
    clearTimeout(this.flushTimer);
    this.flushTimer = undefined;
    this.shipping ??= this.ship().finally(() => {
      this.shipping = undefined;
    });
    await this.shipping;
    // Lines that came while the last batch was on its way.
    if (!this.stale && (this.memory.length > 0 || this.toSpool.length > 0 || this.spool.waitingBytes > 0)) {
      await this.flush();
    }
  }

  private async ship(): Promise<void> {
    for (let lines = await this.next(); lines.length > 0 && !this.stale; lines = await this.next()) {
      if (!(await this.options.send(lines))) {
        this.becomeStale();
        this.options.onStale();
      }
      if (this.spool.waitingBytes < maxSpoolBytes / 2) this.releaseWriters();
    }
  }

  private async next(): Promise<LogLine[]> {
    if (this.memory.length === 0) {
      await this.spooling;
      const lines = await this.spool.take(maxBatchBytes);
      // Lines that came since the spool was emptied are later ones.
      this.memory.unshift(...lines);
      this.memoryBytes += lines.reduce((sum, line) => sum + sizeOf(line), 0);
    }
    let count = 0;
    let bytes = 0;
    for (const line of this.memory) {
      const size = sizeOf(line);
      if (count > 0 && (count === maxBatchLines || bytes + size > maxBatchBytes)) break;
      count += 1;
      bytes += size;
    }
    const batch = this.memory.splice(0, count);
    this.memoryBytes -= bytes;
    return batch;
  }

  private becomeStale(): void {
    this.stale = true;
    clearTimeout(this.flushTimer);
    this.memory = [];
    this.memoryBytes = 0;
    this.releaseWriters();
  }

  private releaseWriters(): void {
    for (const resolve of this.roomWaiters.splice(0)) resolve();
  }
}

function sizeOf(line: LogLine): number {
  return Buffer.byteLength(line.text) + lineOverhead;
}

function dropNotice(maxBytes: number): string {
  return `the log is longer than ${maxBytes} bytes: what follows is dropped; write large data to an artifact instead`;
}
