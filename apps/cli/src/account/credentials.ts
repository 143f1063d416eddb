import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../failure.js';

/** How one account is reached. */
export interface Profile {
  readonly url: string;
  readonly apiKey: string;
  /** Slug of the organization, for people. */
  readonly organization: string;
  /** Id of the key, by which it is revoked; absent where it was given by hand. */
  readonly keyId?: string;
}

export const standardProfile = 'default';

function isProfile(value: unknown): value is Profile {
  if (typeof value !== 'object' || value === null) return false;
  const { url, apiKey } = value as Partial<Record<keyof Profile, unknown>>;
  return typeof url === 'string' && typeof apiKey === 'string';
}

/** The file of the stored credentials, which only its owner may read. */
export class CredentialStore {
  readonly file: string;

  constructor(private readonly folder: string) {
    this.file = join(folder, 'credentials.json');
  }

  /** All profiles by name; none where nobody has logged in. */
  async profiles(): Promise<Map<string, Profile>> {
    let text: string;
    try {
      text = await readFile(this.file, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map();
      throw new Failure('unauthenticated', `the credentials in ${this.file} cannot be read`, { cause: error });
    }
    try {
      const { profiles } = JSON.parse(text) as { profiles?: Record<string, unknown> };
      const entries = Object.entries(profiles ?? {});
      return new Map(entries.filter((entry): entry is [string, Profile] => isProfile(entry[1])));
    } catch (error) {
      throw new Failure('unauthenticated', `${this.file} is no valid JSON`, {
        hint: 'delete it and log in again',
        cause: error,
      });
    }
  }

  async find(name: string): Promise<Profile | undefined> {
    return (await this.profiles()).get(name);
  }

  async save(name: string, profile: Profile): Promise<void> {
    const profiles = await this.profiles();
    profiles.set(name, profile);
    await this.write(profiles);
  }

  async remove(name: string): Promise<void> {
    const profiles = await this.profiles();
    if (!profiles.delete(name)) return;
    if (profiles.size === 0) await rm(this.file, { force: true });
    else await this.write(profiles);
  }

  private async write(profiles: ReadonlyMap<string, Profile>): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    // Whole or not at all, and never readable by others in between.
    const next = `${this.file}.${process.pid}`;
    await writeFile(next, `${JSON.stringify({ profiles: Object.fromEntries(profiles) }, null, 2)}\n`, { mode: 0o600 });
    await chmod(next, 0o600);
    await rename(next, this.file);
  }
}
