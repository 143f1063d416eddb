import { Socket } from 'node:net';
import { writeSync } from 'node:fs';
import { encodeFrame, type Frame, FrameReader } from '../frames.js';
import type { InitHeader } from '../protocol.js';

const controlFd = 4;
/** Inputs are as large as outputs may be; the host has already looked. */
const maxBodyBytes = 0xffff_fff0;

/** Init's end of the control channel. */
export class ControlChannel {
  private readonly socket = new Socket({ fd: controlFd, readable: true, writable: true });

  constructor(onFrame: (frame: Frame) => void) {
    const reader = new FrameReader({ headerBytes: maxBodyBytes, bodyBytes: maxBodyBytes }, onFrame, (error) => {
      throw error;
    });
    this.socket.on('data', (chunk: Buffer) => reader.push(chunk));
    // Without its host a sandbox has nobody to work for.
    this.socket.on('end', () => process.exit(0));
    this.socket.on('error', () => process.exit(1));
  }

  /** Resolves when the host has taken the bytes, so that a slow host slows the sender. */
  async send(header: InitHeader, body?: Uint8Array): Promise<void> {
    const parts = encodeFrame(header, body);
    await new Promise<void>((resolve, reject) => {
      parts.forEach((part, index) => {
        const last = index === parts.length - 1;
        this.socket.write(part, (error) => {
          if (error) reject(error);
          else if (last) resolve();
        });
      });
    });
  }

  /** Sends several frames in one piece, which the host then reads in one piece. */
  async sendTogether(...frames: readonly (readonly [header: InitHeader, body?: Uint8Array])[]): Promise<void> {
    const bytes = Buffer.concat(frames.flatMap(([header, body]) => encodeFrame(header, body)));
    await new Promise<void>((resolve, reject) => {
      this.socket.write(bytes, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  /** For the moment before the process ends, when nothing asynchronous happens any more. */
  sendSync(header: InitHeader, body?: Uint8Array): void {
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
