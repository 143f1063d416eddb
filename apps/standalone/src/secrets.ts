import { randomBytes } from 'node:crypto';
import { chown, link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@millrace/kernel';
import type { UnprivilegedUser } from '@millrace/embedded';
import { z } from 'zod';

const passwordsSchema = z.strictObject({
  postgres: z.string(),
  owner: z.string(),
  app: z.string(),
  control: z.string(),
  warehouseSuperuser: z.string(),
  warehouse: z.string(),
});

/** Passwords of the embedded servers, made at the first start. */
export type Passwords = z.infer<typeof passwordsSchema>;

/** Writes a file that did not exist, whole or not at all; leaves one that another start wrote first. */
async function createOnce(file: string, content: string, owner?: UnprivilegedUser): Promise<void> {
  const fresh = `${file}.${process.pid}`;
  await writeFile(fresh, content, { mode: 0o600 });
  if (owner !== undefined) await chown(fresh, owner.uid, owner.gid);
  await link(fresh, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(fresh);
}

async function readOrCreate(file: string, make: () => string, owner?: UnprivilegedUser): Promise<string> {
  const present = await readFile(file, 'utf8').catch(() => undefined);
  if (present !== undefined) return present;
  await createOnce(file, make(), owner);
  return readFile(file, 'utf8');
}

/** The passwords of this instance; rejects where the file is not what was written. */
export async function passwordsIn(folder: string): Promise<Passwords> {
  const file = join(folder, 'passwords.json');
  const fresh = (): string => {
    const names = Object.keys(passwordsSchema.shape);
    return JSON.stringify(Object.fromEntries(names.map((name) => [name, randomBytes(24).toString('base64url')])));
  };
  const result = passwordsSchema.safeParse(JSON.parse(await readOrCreate(file, fresh)));
  if (result.success) return result.data;
  throw new DomainError('invalid', 'standalone.bad_passwords', `${file} is damaged: restore it from a backup`);
}

/** The file with the master key (32 bytes in base64), made at the first start, readable by the API alone. */
export async function masterKeyIn(folder: string, owner: UnprivilegedUser | undefined): Promise<string> {
  const file = join(folder, 'master.key');
  const text = await readOrCreate(file, () => `${randomBytes(32).toString('base64')}\n`, owner);
  if (Buffer.from(text, 'base64').length === 32) return file;
  throw new DomainError('invalid', 'standalone.bad_master_key', `${file} does not hold 32 bytes in base64`);
}
