import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@millrace/kernel';
import { z } from 'zod';

const manifestFile = 'backup.json';

const manifestSchema = z.strictObject({
  format: z.literal(1),
  createdAt: z.iso.datetime(),
  /** Newest migration of the data. */
  schema: z.string(),
  postgres: z.string(),
  /** Tells the key that opens the secrets from every other, and nothing of it. */
  masterKeyFingerprint: z.string(),
  /** Temporal's own state is in the backup only where nothing was running. */
  temporalState: z.boolean(),
  /** Null where the objects are kept outside, in S3. */
  objects: z.strictObject({ count: z.number(), bytes: z.number() }).nullable(),
  openRuns: z.number(),
});

/** What a backup says of itself, in `backup.json`. It is written last: a folder without it is no backup. */
export type BackupManifest = z.infer<typeof manifestSchema>;

/** Tells keys apart; 64 bits, made so that nothing of the key follows from it. */
export function masterKeyFingerprint(keyText: string): string {
  return createHash('sha256').update(`millrace master key ${keyText.trim()}`).digest('hex').slice(0, 16);
}

export function manifestPath(backup: string): string {
  return join(backup, manifestFile);
}

/** Throws `backup.not_one` where the folder holds no whole backup that this release can read. */
export async function readManifest(backup: string): Promise<BackupManifest> {
  const text = await readFile(manifestPath(backup), 'utf8').catch(() => undefined);
  const refuse = (why: string): never => {
    throw new DomainError('invalid', 'backup.not_one', `${backup} is no backup of Millrace: ${why}`);
  };
  if (text === undefined) return refuse(`there is no ${manifestFile} in it (was it interrupted?)`);
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch {
    return refuse(`${manifestFile} is damaged, or of a newer release`);
  }
}
