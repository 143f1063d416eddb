/**
 * The channel between the host and the init program: frames of `u32 header length, u32 body length` (big-endian),
 * a JSON header and a body of bytes. The body carries what must not be parsed and printed again: inputs, outputs, files.
 */

export interface Frame {
  readonly header: unknown;
  readonly body: Buffer;
}

export interface FrameLimits {
  readonly headerBytes: number;
  readonly bodyBytes: number;
}

const prefixBytes = 8;
const noBytes = Buffer.alloc(0);

/** Thrown (and handed to `onError`) where the other side does not speak frames, or larger ones than agreed. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
  constructor(
    readonly reason: 'header_too_large' | 'body_too_large' | 'not_json',
    message: string,
  ) {
    super(message);
  }
}

/** The bytes of a frame, in parts, so that a large body is not copied. */
export function encodeFrame(header: object, body: Uint8Array = noBytes): readonly Uint8Array[] {
  const text = Buffer.from(JSON.stringify(header), 'utf8');
  const head = Buffer.allocUnsafe(prefixBytes + text.length);
  head.writeUInt32BE(text.length, 0);
  head.writeUInt32BE(body.length, 4);
  text.copy(head, prefixBytes);
  return body.length === 0 ? [head] : [head, body];
}

/** Puts frames together from chunks as they arrive. */
export class FrameReader {
  private chunks: Buffer[] = [];
  private size = 0;
  private failed = false;

  constructor(
    private readonly limits: FrameLimits,
    private readonly onFrame: (frame: Frame) => void,
    private readonly onError: (error: FrameError) => void,
  ) {}

  push(chunk: Buffer): void {
    if (this.failed) return;
    this.chunks.push(chunk);
    this.size += chunk.length;
    try {
      for (let frame = this.next(); frame !== undefined; frame = this.next()) this.onFrame(frame);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.failed = true;
      this.chunks = [];
      this.onError(error);
    }
  }

  private next(): Frame | undefined {
    if (this.size < prefixBytes) return undefined;
    const prefix = this.peek(prefixBytes);
    const headerBytes = prefix.readUInt32BE(0);
    const bodyBytes = prefix.readUInt32BE(4);
    if (headerBytes > this.limits.headerBytes) {
      throw new FrameError('header_too_large', `a header of ${headerBytes} bytes is over ${this.limits.headerBytes}`);
    }
    if (bodyBytes > this.limits.bodyBytes) {
      throw new FrameError('body_too_large', `a body of ${bodyBytes} bytes is over ${this.limits.bodyBytes}`);
    }
    const total = prefixBytes + headerBytes + bodyBytes;
    if (this.size < total) return undefined;
    const bytes = this.peek(total);
    this.chunks = bytes.length === total ? [] : [bytes.subarray(total)];
    this.size = bytes.length - total;
    return {
      header: parseHeader(bytes.subarray(prefixBytes, prefixBytes + headerBytes)),
      body: bytes.subarray(prefixBytes + headerBytes, total),
    };
  }

  /** The first chunk, made to hold at least so many bytes. */
  private peek(bytes: number): Buffer {
    const first = this.chunks[0] ?? noBytes;
    if (first.length >= bytes) return first;
    const joined = Buffer.concat(this.chunks);
    this.chunks = [joined];
    return joined;
  }
}

function parseHeader(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    throw new FrameError('not_json', 'a header that is not JSON');
  }
}
