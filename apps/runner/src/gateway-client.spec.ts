import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logger } from '@millrace/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConnectionLost, GatewayClient, GatewayGone, type GatewayRefusal } from './gateway-client.js';

interface Heard {
  readonly type: string;
  readonly id: number;
  readonly deploymentId?: string;
}

const anything = z.unknown();

/** A gateway that does what a test tells it. */
class FakeGateway {
  readonly heard: Heard[] = [];
  readonly sockets: Socket[] = [];
  onHello: (socket: Socket, frame: Heard) => void = (socket, frame) =>
    this.say(socket, { type: 'reply', id: frame.id, result: {} });
  onFrame: (socket: Socket, frame: Heard) => void = () => undefined;
  private server: Server | undefined;

  constructor(readonly path: string) {}

  async listen(): Promise<void> {
    this.server = createServer((socket) => {
      this.sockets.push(socket);
      socket.on('error', () => undefined);
      let rest = '';
      socket.setEncoding('utf8');
      socket.on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const frame = JSON.parse(line) as Heard;
          if (frame.type !== 'ping') this.heard.push(frame);
          if (frame.type === 'hello') this.onHello(socket, frame);
          else this.onFrame(socket, frame);
        }
      });
    });
    await new Promise<void>((resolve) => this.server?.listen(this.path, resolve));
  }

  say(socket: Socket, frame: object): void {
    socket.write(`${JSON.stringify(frame)}\n`);
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server?.close(resolve));
  }
}

describe('the line to the gateway', () => {
  let folder: string;
  let gateway: FakeGateway;
  let client: GatewayClient;
  let refusal: GatewayRefusal | undefined;
  const cancelled: string[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-'));
    gateway = new FakeGateway(join(folder, 'g.sock'));
    refusal = undefined;
    cancelled.length = 0;
    client = new GatewayClient({
      address: { kind: 'unix', path: gateway.path },
      log: logger('spec', { level: 'fatal' }),
      hello: {
        protocol: 2,
        runnerId: 'rnr_1',
        poolId: 'pool_1',
        credential: 'secret',
        tier: 'none',
        slots: 1,
        host: 'h',
        pid: 1,
        uid: 1,
        version: '0',
      },
      onCancel: (attemptId) => cancelled.push(attemptId),
      onOffer: () => undefined,
      onRunEnded: () => undefined,
      onDrain: () => undefined,
      onRefused: (reason) => {
        refusal = reason;
      },
    });
  });
  afterEach(async () => {
    client.close();
    await gateway.close();
    await rm(folder, { recursive: true, force: true });
  });

  const question = (deploymentId: string) => ({ type: 'build.begin' as const, deploymentId, inputDigest: 'd' });

  it('waits for a gateway that is not there yet', async () => {
    const opened = client.open();
    await new Promise((resolve) => setTimeout(resolve, 150));
    await gateway.listen();
    await opened;
    expect(gateway.heard[0]).toMatchObject({ type: 'hello', id: 0 });
    expect(client.lostForMs).toBe(0);
  });

  it('asks again, in order, what was not answered when the connection went, and gives each its answer once', async () => {
    await gateway.listen();
    await client.open();
    const answers = Promise.all(['a', 'b', 'c'].map((name) => client.ask(question(name), anything)));
    await new Promise((resolve) => setTimeout(resolve, 50));
    gateway.onFrame = (socket, frame) =>
      gateway.say(socket, { type: 'reply', id: frame.id, result: frame.deploymentId });
    gateway.sockets[0]?.destroy();
    expect(await answers).toEqual(['a', 'b', 'c']);
    expect(gateway.heard.map((frame) => frame.deploymentId ?? frame.type)).toEqual([
      'hello',
      'a',
      'b',
      'c',
      'hello',
      'a',
      'b',
      'c',
    ]);
  });

  it('does not repeat what must not be, and says that the connection was lost', async () => {
    await gateway.listen();
    await client.open();
    const asked = client.ask(question('once'), anything, { repeat: false });
    await new Promise((resolve) => setTimeout(resolve, 50));
    gateway.sockets[0]?.destroy();
    await expect(asked).rejects.toBeInstanceOf(ConnectionLost);
    gateway.onFrame = (socket, frame) => gateway.say(socket, { type: 'reply', id: frame.id, result: 1 });
    await client.ask(question('next'), anything);
    expect(gateway.heard.filter((frame) => frame.deploymentId === 'once')).toHaveLength(1);
  });

  it('tries again after a passing error, and takes a refusal for an answer', async () => {
    await gateway.listen();
    let calls = 0;
    gateway.onFrame = (socket, frame) => {
      calls += 1;
      const passing = calls < 3;
      const code = passing ? 'internal' : 'grant.unknown';
      gateway.say(socket, { type: 'error', id: frame.id, code, message: 'no', retryable: passing });
    };
    await client.open();
    await expect(client.ask(question('x'), anything)).rejects.toMatchObject({ code: 'grant.unknown' });
    expect(calls).toBe(3);
  });

  it('gives up for good when it is refused', async () => {
    await gateway.listen();
    gateway.onHello = (socket, frame) =>
      gateway.say(socket, { type: 'error', id: frame.id, code: 'hello.ended', message: 'gone', retryable: false });
    const opened = client.open();
    const asked = client.ask(question('x'), anything);
    await expect(opened).rejects.toMatchObject({ code: 'hello.ended' });
    await expect(asked).rejects.toMatchObject({ code: 'hello.ended' });
    expect(refusal?.code).toBe('hello.ended');
    await expect(client.ask(question('y'), anything)).rejects.toBeInstanceOf(GatewayGone);
  });

  it('connects again when the gateway cannot look it up just now', async () => {
    await gateway.listen();
    let hellos = 0;
    gateway.onHello = (socket, frame) => {
      hellos += 1;
      if (hellos < 3)
        gateway.say(socket, { type: 'error', id: frame.id, code: 'internal', message: 'no database', retryable: true });
      else gateway.say(socket, { type: 'reply', id: frame.id, result: {} });
    };
    await client.open();
    expect(hellos).toBe(3);
  });

  it('never has more under way than the gateway takes', async () => {
    await gateway.listen();
    let open = 0;
    let most = 0;
    gateway.onFrame = (socket, frame) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        gateway.say(socket, { type: 'reply', id: frame.id, result: frame.id });
      }, 1);
    };
    await client.open();
    await Promise.all(Array.from({ length: 500 }, (_, index) => client.ask(question(String(index)), anything)));
    expect(most).toBeLessThanOrEqual(48);
  });

  it('hands cancellations on, and leaves a gateway that talks nonsense', async () => {
    await gateway.listen();
    await client.open();
    const [socket] = gateway.sockets;
    gateway.say(socket as Socket, { type: 'cancel', attemptId: 'att_1', reason: 'x' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(cancelled).toEqual(['att_1']);
    socket?.write('nonsense\n');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(gateway.sockets).toHaveLength(2);
  });
});
