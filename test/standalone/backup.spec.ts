import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HttpClient } from '@millrace/clients';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUpWithKey } from '../platform/organization.js';
import { Platform } from '../platform/platform.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

const bundle = {
  files: {
    'src/step.mjs': `export default (input, ctx) => {
      console.log('the secret has ' + ctx.secrets.word.length + ' letters');
      return { n: input.n + 1, run: ctx.run.id };
    };`,
  },
  pipelines: [
    {
      pipeline: 'slow',
      tasks: {
        before: { type: 'node', entry: 'src/step.mjs', input: { n: 1 }, secrets: ['word'] },
        pause: { type: 'wait', seconds: 20, needs: ['before'] },
        after: {
          type: 'node',
          entry: 'src/step.mjs',
          needs: ['pause'],
          input: { n: '${{ tasks.before.output.n }}' },
          secrets: ['word'],
        },
      },
    },
  ],
};

interface Run {
  readonly id: string;
  readonly state: string;
}

let first: Platform;
let second: Platform;
let client: HttpClient;
let key: string;
let run: Run;

const rejected = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason as { stderr?: string; message: string },
  );
  expect(error).toBeDefined();
  return error?.stderr ?? error?.message ?? '';
};

async function until<T>(look: () => Promise<T>, good: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await look();
    if (good(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

describe('backup and restore', () => {
  beforeAll(async () => {
    first = await Platform.start({ root, egressOpen: [] });
    second = await Platform.prepare({ root, egressOpen: [] });
    ({ client, key } = await signUpWithKey(first.url, 'keeper'));
    await client.put('/v1/secrets/word', { value: 'correct-horse' });
    await client.post('/v1/deployments', bundle);
    run = await client.post<Run>('/v1/pipelines/slow/runs', {});
    await until(
      () => client.get<{ data: { taskId: string; state: string }[] }>(`/v1/runs/${run.id}/tasks`),
      ({ data }) => data.some((task) => task.taskId === 'before' && task.state === 'succeeded'),
    );
  });
  afterAll(async () => {
    await first.remove();
    await second.remove();
  });
  const backup = (): string => join(second.home, '..', 'backup');

  it('is taken while runs are in flight, and holds no master key', async () => {
    await first.output('backup', [backup()]);

    const manifest = JSON.parse(await readFile(join(backup(), 'backup.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest).toMatchObject({ format: 1, openRuns: 1, temporalState: false });
    expect((await stat(backup())).mode & 0o077).toBe(0);
    const masterKey = (await readFile(join(first.home, 'keys', 'master.key'), 'utf8')).trim();
    for (const name of ['backup.json', 'passwords/passwords.json']) {
      expect(await readFile(join(backup(), name), 'utf8')).not.toContain(masterKey);
    }
    expect(await readdir(backup())).not.toContain('keys');
    expect(await rejected(first.output('backup', [backup()]))).toContain('is not empty');
  });

  it('refuses a wrong key, a folder that is no backup, and a place that holds data', async () => {
    const wrong = join(second.home, '..', 'wrong.key');
    await writeFile(wrong, `${Buffer.alloc(32, 7).toString('base64')}\n`);
    const own = join(first.home, 'keys', 'master.key');

    expect(await rejected(second.output('restore', [backup()]))).toContain('--master-key');
    expect(await rejected(second.output('restore', [backup(), '--master-key', wrong]))).toContain('is not the key');
    expect(await rejected(second.output('restore', [first.home, '--master-key', own]))).toContain('no backup');
    expect(await rejected(first.output('restore', [backup(), '--master-key', own]))).toContain('holds data already');
    await expect(stat(join(second.home, 'postgres', 'data'))).rejects.toThrow('ENOENT');
  });

  it('goes on elsewhere: accounts, secrets, outputs, and the run that was in flight', async () => {
    const masterKey = join(second.home, '..', 'master.key');
    await writeFile(masterKey, await readFile(join(first.home, 'keys', 'master.key')));
    await first.remove();

    await second.output('restore', [backup(), '--master-key', masterKey]);
    await second.start();
    const moved = new HttpClient({ baseUrl: second.url, patienceMs: 60_000 }).withToken(key);
    const ended = await until(
      () => moved.get<Run>(`/v1/runs/${run.id}`),
      ({ state }) => !['queued', 'running'].includes(state),
    );

    expect(ended.state).toBe('succeeded');
    expect(await moved.get(`/v1/runs/${run.id}/tasks/after/output`)).toEqual({ n: 3, run: run.id });
    const { data: attempts } = await moved.get<{ data: { taskId: string }[] }>(`/v1/runs/${run.id}/attempts`);
    expect(attempts.filter((attempt) => attempt.taskId === 'before')).toHaveLength(1);
  });

  it('walks the tour on what was restored', async () => {
    const { stdout } = await second.output('tour', ['--json']);
    const facts = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { findings: unknown };
    expect(facts).toMatchObject({ findings: [], complete: true });
    await rm(join(second.home, '..', 'master.key'));
  });
});
