import { type FileHandle, open, rm } from 'node:fs/promises';
import type { LogLine } from '@millrace/contracts/wire';

/** Lines on disk, first in, first out, for the time in which the gateway cannot take them. */
export class LogSpool {
  private file: FileHandle | undefined;
  private writtenTo = 0;
  private readTo = 0;
  private chain: Promise<unknown> = Promise.resolve();

  constructor(private readonly path: string) {}

  /** Bytes that have been written and not been read back. */
  get waitingBytes(): number {
    return this.writtenTo - this.readTo;
  }

  append(lines: readonly LogLine[]): Promise<void> {
    return this.inOrder(async () => {
      this.file ??= await open(this.path, 'w+', 0o600);
      const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      await this.file.write(bytes, 0, bytes.length, this.writtenTo);
      this.writtenTo += bytes.length;
    });
  }

  /** Up to about so many bytes of lines from the front; none when the spool is empty. */
  take(maxBytes: number): Promise<LogLine[]> {
    return this.inOrder(async () => {
      const length = Math.min(maxBytes, this.writtenTo - this.readTo);
      if (this.file === undefined || length === 0) return [];
      // Cut at a byte, not at a character: what is incomplete is read again.
      const buffer = Buffer.alloc(length);
      const { bytesRead } = await this.file.read(buffer, 0, length, this.readTo);
      const end = buffer.subarray(0, bytesRead).lastIndexOf(0x0a) + 1;
      if (end === 0) return this.takeLong(maxBytes);
      this.readTo += end;
      if (this.readTo === this.writtenTo) await this.empty();
      return parse(buffer.subarray(0, end).toString('utf8'));
    });
  }

  async close(): Promise<void> {
    await this.chain;
    // Hardly any attempt writes so much that there is one.
    if (this.file === undefined) return;
    await this.file.close();
    this.file = undefined;
    await rm(this.path, { force: true });
  }

  /** A line longer than the limit still comes whole. */
  private async takeLong(maxBytes: number): Promise<LogLine[]> {
    const length = this.writtenTo - this.readTo;
    const buffer = Buffer.alloc(Math.min(length, maxBytes * 8));
    const { bytesRead } = (await this.file?.read(buffer, 0, buffer.length, this.readTo)) ?? { bytesRead: 0 };
    const end = buffer.subarray(0, bytesRead).indexOf(0x0a) + 1;
    this.readTo += end === 0 ? bytesRead : end;
    return end === 0 ? [] : parse(buffer.subarray(0, end).toString('utf8'));
  }

  private async empty(): Promise<void> {
    this.readTo = 0;
    this.writtenTo = 0;
    await this.file?.truncate(0);
  }

  private inOrder<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.chain.then(work);
    this.chain = mine.catch(() => undefined);
    return mine;
  }
}

function parse(text: string): LogLine[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LogLine);
}
