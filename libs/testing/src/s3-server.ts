import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePorts, machineCacheFolder } from '@millrace/embedded';
import { environment } from './config.js';
import { findProgram } from './find-program.js';

/** The release of versitygw that the specs were written against. */
export const s3ServerVersion = 'v1.8.0';

/** A real S3 server of the spec's own. */
export interface S3ForTest {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Makes an empty bucket. */
  createBucket(name: string): Promise<void>;
  /** Ends the process at once, as a crash would. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** versitygw: the one that VERSITYGW_BIN names, on the PATH, or fetched by the set-up of the tests. Throws where there is none. */
function findServer(env: typeof environment): string {
  const cached = join(machineCacheFolder(env), 'versitygw', s3ServerVersion, 'versitygw');
  const found = findProgram(env, 'VERSITYGW_BIN', ['versitygw'], [cached]);
  if (found !== undefined) return found;
  throw new Error(
    'the S3 specs need the server versitygw and found none: run them with `npm test`, which fetches it, or name the program in VERSITYGW_BIN',
  );
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((resolve) => child.once('exit', resolve));
}

/** Starts versitygw on a free loopback port over a folder of its own. */
export async function testS3(): Promise<S3ForTest> {
  const binary = findServer(environment);
  const folder = await mkdtemp(join(tmpdir(), 'millrace-s3-'));
  const data = join(folder, 'data');
  await mkdir(data);
  const [port = 0] = await freePorts(1);
  const [accessKeyId, secretAccessKey] = ['millrace', 'millrace-test-secret'];
  const args = ['--access', accessKeyId, '--secret', secretAccessKey, '--port', `127.0.0.1:${port}`, 'posix', data];
  let output = '';
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const endpoint = `http://127.0.0.1:${port}`;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`versitygw did not start: ${output}`);
    // Any answer will do: without a signature it is a refusal.
    const answer = await fetch(endpoint).catch(() => undefined);
    if (answer !== undefined) break;
    await delay(50);
  }
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended(child);
  };
  return {
    endpoint,
    accessKeyId,
    secretAccessKey,
    // The gateway shows each folder as a bucket.
    createBucket: (name) => mkdir(join(data, name)),
    kill,
    stop: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
