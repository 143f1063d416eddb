import { maxFrameBytes, type RunnerFrame, runnerFrame } from '@millrace/contracts/wire';

/** The peer broke the protocol: its connection is closed, and no other. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const newline = 0x0a;

/** Cuts a byte stream into lines of at most `maxFrameBytes`. */
export class LineReader {
  private parts: Buffer[] = [];
  private size = 0;

  constructor(private readonly maxBytes = maxFrameBytes) {}

  /** Gives the lines that the chunk completes. @throws ProtocolError `frame.too_large`. */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let from = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      this.add(chunk.subarray(from, end));
      lines.push(this.take());
      from = end + 1;
    }
    this.add(chunk.subarray(from));
    return lines;
  }

  private add(part: Buffer): void {
    this.size += part.length;
    if (this.size > this.maxBytes) {
      throw new ProtocolError('frame.too_large', `a frame holds at most ${this.maxBytes} bytes`);
    }
    if (part.length > 0) this.parts.push(part);
  }

  private take(): string {
    const line = this.parts.length === 1 ? (this.parts[0] ?? Buffer.alloc(0)) : Buffer.concat(this.parts);
    this.parts = [];
    this.size = 0;
    return line.toString('utf8');
  }
}

/** @throws ProtocolError where the line is no frame of a runner; the message shows nothing of its content. */
export function parseFrame(line: string): RunnerFrame {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new ProtocolError('frame.not_json', 'a frame is one JSON document a line');
  }
  const result = runnerFrame.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue === undefined ? '' : ` at /${issue.path.join('/')}: ${issue.code}`;
  throw new ProtocolError('frame.invalid', `the frame does not fit the protocol${where}`);
}
