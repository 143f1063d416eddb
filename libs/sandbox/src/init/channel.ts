import { Socket } from 'node:net';
import { writeSync } from 'node:fs';
import { encodeFrame, type Frame, FrameReader } from '../frames.js';
import { chunkBytes, type InitHeader } from '../protocol.js';

const controlFd = 4;
/** Inputs are as large as outputs may be; the host has already looked. */
const maxBodyBytes = 0xffff_fff0;

/** Init's end of the control channel. */
export class ControlChannel {
  private readonly socket = new Socket({ fd: controlFd, readable: true, writable: true });

  private isMuted = false;

  constructor(onFrame: (frame: Frame) => void) {
    const reader = new FrameReader({ headerBytes: maxBodyBytes, bodyBytes: maxBodyBytes }, onFrame, (error) => {
      throw error;
    });
    this.socket.on('data', (chunk: Buffer) => reader.push(chunk));
    // Without its host a sandbox has nobody to work for.
    this.socket.on('end', () => process.exit(0));
    this.socket.on('error', () => process.exit(1));
  }

  /** What is sent meanwhile is thrown away. */
  mute(isMuted: boolean): void {
    this.isMuted = isMuted;
  }

  /** Resolves when the host has taken the bytes, so that a slow host slows the sender. */
  async send(header: InitHeader, body?: Uint8Array): Promise<void> {
    await this.sendTogether([header, body]);
  }

  /** Sends several frames in one piece, which the host then reads in one piece. */
  async sendTogether(
    ...frames: readonly (readonly [header: InitHeader, body?: Uint8Array | undefined])[]
  ): Promise<void> {
    const parts = frames.flatMap(([header, body]) => encodeFrame(header, body));
    const size = parts.reduce((sum, part) => sum + part.length, 0);
    // Large ones are not worth the copy.
    const pieces = size < chunkBytes ? [Buffer.concat(parts, size)] : parts;
    if (this.isMuted) return;
    await new Promise<void>((resolve, reject) => {
      pieces.forEach((piece, index) => {
        this.socket.write(piece, (error) => {
          if (error) reject(error);
          else if (index === pieces.length - 1) resolve();
        });
      });
    });
  }

  /** For moments at which nothing asynchronous happens any more, or too late. */
  sendSync(header: InitHeader, body?: Uint8Array): void {
    if (this.isMuted) return;
    for (const part of encodeFrame(header, body)) writeSync(controlFd, part);
  }

  /** The channel alone no longer keeps the process alive: a task whose promise can never settle is noticed. */
  unref(): void {
    this.socket.unref();
  }

  ref(): void {
    this.socket.ref();
  }
}
