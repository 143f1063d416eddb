import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unprivilegedUser } from '@millrace/embedded';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { instanceFolder } from './instance-folder.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-folder-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('instanceFolder', () => {
  it('lies in the checkout, or where it is told to', async () => {
    expect((await instanceFolder('/a/checkout', undefined, undefined)).home).toBe('/a/checkout/.millrace');
    expect((await instanceFolder('/a/checkout', '/b', undefined)).home).toBe('/b');
  });

  it('stays where the unprivileged user may enter, if only enter', async () => {
    const user = await unprivilegedUser();
    await chmod(folder, 0o711);
    const home = join(folder, 'home');
    expect(await instanceFolder('/a/checkout', home, user)).toMatchObject({ home });
    expect((await instanceFolder('/a/checkout', home, user)).insteadOf).toBeUndefined();
  });

  it('moves away from a folder that root keeps to itself', async () => {
    const user = await unprivilegedUser();
    await chmod(folder, 0o700);
    const home = join(folder, 'home');
    const found = await instanceFolder('/a/checkout', home, user);
    // Whoever is not root runs everything as what he is, and may enter his own folders.
    if (user === undefined) expect(found.home).toBe(home);
    else expect(found).toMatchObject({ home: expect.stringMatching(/^\/var\/lib\/millrace\//), insteadOf: home });
  });
});
