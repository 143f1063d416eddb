import { closeSync, openSync, readSync } from 'node:fs';

/** Larger than any of the kernel's files that are read here. */
const buffer = Buffer.allocUnsafe(16 * 1024);

/** A small file of the kernel's that is read again and again: kept open, one system call gives what it says now. */
export class HeldFile {
  private descriptor: number | undefined;

  constructor(path: string) {
    try {
      this.descriptor = openSync(path, 'r');
    } catch {
      // It is as if it had been closed.
    }
  }

  /** Undefined where there is nothing to read (any more). */
  read(): string | undefined {
    if (this.descriptor === undefined) return undefined;
    try {
      return buffer.toString('latin1', 0, readSync(this.descriptor, buffer, 0, buffer.length, 0));
    } catch {
      return undefined;
    }
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }
}
