import { spawn } from 'node:child_process';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunnerAssignment, runnerExitCodes } from '@millrace/contracts/assignment';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const isRoot = process.getuid?.() === 0;
const poolUser = { uid: 2_000_999, gid: 2_000_999 };

describe('the process of a runner', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'millrace-'));
    await chmod(home, 0o700);
    if (isRoot) await chown(home, poolUser.uid, poolUser.gid);
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  const start = () => {
    const child = spawn(process.execPath, [main], {
      env: { PATH: process.env['PATH'], MILLRACE_LOG_LEVEL: 'debug' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const ended = new Promise<{ code: number | null; output: string }>((resolve) => {
      child.once('close', (code) => resolve({ code, output }));
    });
    const said = async (text: string): Promise<void> => {
      while (!output.includes(text)) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    return { child, ended, said };
  };
  const assignment = (extra: Partial<RunnerAssignment> = {}): string => {
    const whole: RunnerAssignment = {
      format: 1,
      runnerId: 'rnr_1',
      poolId: 'pool_1',
      credential: 'not-to-be-seen-0123456789abcdefghij',
      gateway: { kind: 'unix', path: join(home, 'nobody-listens.sock') },
      temporal: { address: '127.0.0.1:1', namespace: 'n', tls: false },
      taskQueue: 'q',
      slots: 1,
      memoryBytes: 536_870_912,
      sandboxMode: 'fresh',
      home,
      ...(isRoot ? { user: poolUser } : {}),
      indexes: {
        npm: { registry: 'https://registry.invalid/', scopes: {} },
        pip: { indexUrl: 'https://index.invalid/simple', extraIndexUrls: [], findLinks: [] },
        fileOrigins: [],
        credentials: [],
      },
      drainGraceMs: 1_000,
      orphanMs: 60_000,
      ...extra,
    };
    return `${JSON.stringify(whole)}\n`;
  };

  it('leaves when nobody needs it any more, or is told to, before it belongs to anybody', async () => {
    const unneeded = start();
    unneeded.child.stdin.end();
    expect((await unneeded.ended).code).toBe(runnerExitCodes.drained);
  });

  it('refuses an assignment that it does not understand, and shows nothing of it', async () => {
    const { child, ended } = start();
    child.stdin.write(assignment().replace('"format":1', '"format":2'));
    const { code, output } = await ended;
    expect(code).toBe(runnerExitCodes.failed);
    expect(output).toContain('/format');
    expect(output).not.toContain('not-to-be-seen');
  });

  it('waits for a gateway that is not there, and leaves when told to', async () => {
    const { child, ended, said } = start();
    child.stdin.write(assignment());
    await said('the gateway cannot be reached');
    child.kill('SIGTERM');
    const { code, output } = await ended;
    expect(code).toBe(runnerExitCodes.drained);
    expect(output).not.toContain('not-to-be-seen');
  });

  it('gives up when there is no gateway for too long', async () => {
    const { child, ended } = start();
    child.stdin.write(assignment({ orphanMs: 1_500 }));
    expect((await ended).code).toBe(runnerExitCodes.orphaned);
  });
});
