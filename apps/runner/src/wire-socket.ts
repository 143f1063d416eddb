import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { RunnerAssignment } from '@millrace/contracts/assignment';
import { type GatewayFrame, gatewayFrame, maxFrameBytes, type RunnerFrame } from '@millrace/contracts/wire';

export interface WireHandlers {
  readonly onFrame: (frame: GatewayFrame) => void;
  /** The stream is gone; nothing comes after it. */
  readonly onClose: (reason: string) => void;
  /** There is room for more after a `send` that gave false. */
  readonly onDrain: () => void;
}

const connectTimeoutMs = 10_000;

/** One stream to the gateway: frames in, frames out. It is never repaired, only replaced. */
export class WireSocket {
  private rest: Buffer = Buffer.alloc(0);
  private gone = false;

  private constructor(
    private readonly socket: Socket,
    private readonly handlers: WireHandlers,
  ) {
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.on('drain', () => handlers.onDrain());
    socket.on('error', (error) => this.end(error.message));
    socket.on('close', () => this.end('the connection closed'));
  }

  /** Connects; rejects when nobody answers. */
  static open(address: RunnerAssignment['gateway'], handlers: WireHandlers): Promise<WireSocket> {
    return new Promise((resolve, reject) => {
      const secure = address.kind === 'tcp' && address.ca !== undefined;
      const socket = open(address);
      const timer = setTimeout(() => socket.destroy(new Error('no answer in time')), connectTimeoutMs);
      const fail = (error: Error): void => {
        clearTimeout(timer);
        reject(error);
      };
      socket.once('error', fail);
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        clearTimeout(timer);
        socket.off('error', fail);
        resolve(new WireSocket(socket, handlers));
      });
    });
  }

  /** Gives false when the caller should wait for `onDrain` before it sends more. */
  send(frame: RunnerFrame): boolean {
    const line = `${JSON.stringify(frame)}\n`;
    if (Buffer.byteLength(line) > maxFrameBytes)
      throw new Error(`a frame of type ${frame.type} is too large to be sent`);
    return this.gone ? true : this.socket.write(line);
  }

  destroy(): void {
    this.socket.destroy();
  }

  private receive(chunk: Buffer): void {
    let data = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    for (let end = data.indexOf(0x0a); end >= 0 && !this.gone; end = data.indexOf(0x0a)) {
      const line = data.subarray(0, end).toString('utf8');
      data = data.subarray(end + 1);
      const frame = parse(line);
      if (frame === undefined) {
        this.socket.destroy(new Error('the gateway said something that is no frame'));
        return;
      }
      this.handlers.onFrame(frame);
    }
    this.rest = data;
    if (data.length > maxFrameBytes) this.socket.destroy(new Error('a frame of the gateway is too large'));
  }

  private end(reason: string): void {
    if (this.gone) return;
    this.gone = true;
    this.socket.destroy();
    this.handlers.onClose(reason);
  }
}

function open(address: RunnerAssignment['gateway']): Socket {
  if (address.kind === 'unix') return connectPlain(address.path);
  const { host, port, ca } = address;
  return ca === undefined ? connectPlain(port, host) : connectTls({ host, port, ca, servername: host });
}

function parse(line: string): GatewayFrame | undefined {
  try {
    const result = gatewayFrame.safeParse(JSON.parse(line));
    return result.success ? result.data : undefined;
  } catch {
    return undefined;
  }
}
