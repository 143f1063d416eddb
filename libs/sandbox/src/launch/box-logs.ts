import type { Readable } from 'node:stream';
import { LogMark } from '../log-marks.js';

export type LogSink = (stream: 'stdout' | 'stderr', bytes: Buffer) => void | Promise<void>;

/** How long a mark may be on its way after init has said that the job is done. */
const markMs = 1_000;

/** What a sandbox writes to its two streams, handed to whoever listens at the moment. */
export class BoxLogs {
  /** Takes what the job writes; undefined between two jobs, when nothing is to be heard. */
  sink: LogSink | undefined;
  /** The end of what was written before the first job: why a sandbox did not start. */
  early = '';

  private marks: Readonly<Record<'stdout' | 'stderr', LogMark>> | undefined;

  constructor(
    streams: Readonly<Record<'stdout' | 'stderr', Readable | null>>,
    private readonly isReady: () => boolean,
  ) {
    this.forward('stdout', streams.stdout);
    this.forward('stderr', streams.stderr);
  }

  /** The job's part of both streams ends with this mark; undefined: it is not known where it ends. */
  expectMark(text: string | undefined): void {
    const mark = text === undefined ? undefined : Buffer.from(text, 'latin1');
    this.marks = mark === undefined ? undefined : { stdout: new LogMark(mark), stderr: new LogMark(mark) };
  }

  /** Resolves when everything that the job wrote has been handed on; false where that cannot be known. */
  async isDrained(): Promise<boolean> {
    const { marks } = this;
    if (marks === undefined) return false;
    if (marks.stdout.isOver && marks.stderr.isOver) return marks.stdout.wasSeen && marks.stderr.wasSeen;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), markMs).unref();
    });
    const both = Promise.all([marks.stdout.seen, marks.stderr.seen]).then((seen) => seen.every(Boolean));
    return Promise.race([both, late]).finally(() => clearTimeout(timer));
  }

  private forward(name: 'stdout' | 'stderr', stream: Readable | null): void {
    stream?.on('error', () => undefined);
    stream?.once('close', () => {
      const rest = this.marks?.[name].end();
      if (rest !== undefined && rest.length > 0) void this.sink?.(name, rest);
    });
    stream?.on('data', (chunk: Buffer) => {
      const { sink } = this;
      if (sink === undefined) {
        if (!this.isReady()) this.early = (this.early + chunk.toString('utf8')).slice(-4096);
        return;
      }
      const bytes = this.marks === undefined ? chunk : this.marks[name].take(chunk);
      if (bytes.length === 0) return;
      const taken = sink(name, bytes);
      if (!(taken instanceof Promise)) return;
      // A full pipe makes the task wait: that is how a slow log store slows what it must keep.
      stream.pause();
      void taken.finally(() => stream.resume());
    });
  }
}
