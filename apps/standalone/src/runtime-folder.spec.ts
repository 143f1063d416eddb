import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unprivilegedUser } from '@millrace/embedded';
import { expect, it } from 'vitest';
import { checkout } from './config.js';
import { runtimeFor, runtimeTree } from './runtime-folder.js';

const run = promisify(execFile);

it('is the checkout itself for whoever started the platform', async () => {
  expect(await runtimeFor(checkout, '/nowhere', undefined)).toEqual({ folder: checkout, node: process.execPath });
});

it('makes a tree from which the programs load, readable by all, once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-runtime-'));
  await chmod(folder, 0o711);
  const tree = runtimeTree(checkout, folder);

  const script = `import('@millrace/platform').then((m) => console.log(typeof m.readConfig))`;
  const user = await unprivilegedUser();
  const identity = user === undefined ? {} : { uid: user.uid, gid: user.gid };
  const { stdout } = await run(join(tree, 'bin', 'node'), ['--input-type=module', '-e', script], {
    cwd: join(tree, 'apps', 'runner'),
    env: {},
    ...identity,
  });

  expect(stdout.trim()).toBe('function');
  expect((await stat(join(tree, 'libs', 'kernel', 'dist', 'index.js'))).mode & 0o004).toBe(0o004);
  expect(await readdir(join(tree, 'libs', 'kernel'))).not.toContain('src');
  expect(runtimeTree(checkout, folder)).toBe(tree);
  await rm(folder, { recursive: true });
});
