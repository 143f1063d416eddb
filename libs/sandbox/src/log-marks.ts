const nothing: Buffer = Buffer.alloc(0);

/**
 * Finds the mark that ends a job's part of a stream. Bytes come in chunks, so a beginning of the mark at the end of a
 * chunk is held back until it is known what it is.
 */
export class LogMark {
  /** Resolves when the mark has come, or will not come any more. */
  readonly seen: Promise<boolean>;

  /** Whether the mark has come. */
  wasSeen = false;

  private held: Buffer = nothing;
  private over = false;
  private settle: (seen: boolean) => void = () => undefined;

  constructor(private readonly mark: Buffer) {
    this.seen = new Promise((resolve) => {
      this.settle = resolve;
    });
  }

  /** The mark has come, or will not come any more. */
  get isOver(): boolean {
    return this.over;
  }

  /** Gives what belongs to the job; nothing once the mark has come. */
  take(chunk: Buffer): Buffer {
    if (this.over) return chunk.subarray(0, 0);
    const bytes = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    const at = bytes.indexOf(this.mark);
    if (at >= 0) {
      this.over = true;
      this.held = nothing;
      this.wasSeen = true;
      this.settle(true);
      return bytes.subarray(0, at);
    }
    const end = bytes.length - this.beginningAtEnd(bytes);
    this.held = bytes.subarray(end);
    return bytes.subarray(0, end);
  }

  /** The stream has ended; gives what was held back. */
  end(): Buffer {
    const rest = this.held;
    this.held = nothing;
    this.over = true;
    this.settle(false);
    return rest;
  }

  /** Length of the longest beginning of the mark that the bytes end with. */
  private beginningAtEnd(bytes: Buffer): number {
    const most = Math.min(bytes.length, this.mark.length - 1);
    for (let length = most; length > 0; length -= 1) {
      if (bytes.subarray(bytes.length - length).equals(this.mark.subarray(0, length))) return length;
    }
    return 0;
  }
}
