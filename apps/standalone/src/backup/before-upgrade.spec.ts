import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { backUp } from './before-upgrade.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-backup-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('copies the folders with their modes and keeps the last three backups', async () => {
  const data = join(folder, 'postgres');
  await mkdir(join(data, 'inner'), { recursive: true });
  await writeFile(join(data, 'inner', 'row'), 'seven', { mode: 0o600 });
  const backups = join(folder, 'backups');
  await mkdir(join(backups, '2001-01-01T00-00-00-000Z.unfinished'), { recursive: true });

  const made: string[] = [];
  for (let count = 0; count < 4; count += 1) {
    made.push(await backUp(backups, [data], { from: 'A1', to: 'B2' }));
    await new Promise((resolve) => setTimeout(resolve, 2));
  }

  expect((await readdir(backups)).map((name) => join(backups, name)).sort()).toEqual(made.slice(1));
  const last = made.at(-1) ?? '';
  const copy = join(last, 'postgres', 'inner', 'row');
  expect(await readFile(copy, 'utf8')).toBe('seven');
  expect((await stat(copy)).mode & 0o777).toBe(0o600);
  expect(await readFile(join(last, 'README'), 'utf8')).toContain('from A1 to B2');
});
