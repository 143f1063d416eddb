import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { RunnerAssignment } from '@millrace/contracts/assignment';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const isRoot = process.getuid?.() === 0;

/** Whom a runner of the specs becomes where they run as root. */
export const poolUser = { uid: 2_000_999, gid: 2_000_999 };

/** A runner's process, not yet assigned. */
export function startProcess(path: string | undefined) {
  const child = spawn(process.execPath, [main], {
    env: { PATH: path, MILLRACE_LOG_LEVEL: 'debug' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<{ code: number | null; output: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, output }));
  });
  const said = async (text: string): Promise<void> => {
    while (!output.includes(text)) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  return { child, ended, said };
}

/** The line that assigns a runner; nothing of it can be reached unless `extra` says so. */
export function assignmentLine(home: string, extra: Partial<RunnerAssignment> = {}): string {
  const whole: RunnerAssignment = {
    format: 1,
    runnerId: 'rnr_1',
    poolId: 'pool_1',
    credential: 'not-to-be-seen-0123456789abcdefghij',
    gateway: { kind: 'unix', path: `${home}/nobody-listens.sock` },
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
}
