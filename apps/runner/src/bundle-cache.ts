import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Offer } from '@millrace/contracts/wire';
import type { SandboxBundle } from '@millrace/sandbox';
import type { Blobs } from './blobs.js';
import { unpack } from './unpack.js';

/** Unpacked archives that are kept although no attempt uses them. */
const keptUnused = 12;

interface Entry {
  readonly ready: Promise<string>;
  users: number;
}

/** A bundle that stays on disk until it is released. */
export interface HeldBundle {
  readonly bundle: SandboxBundle;
  readonly release: () => void;
}

/** Archives of versions and their dependencies, unpacked once per runner and mounted read-only. */
export class BundleCache {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly folder: string,
    private readonly blobs: Blobs,
  ) {}

  /** Rejects when an archive cannot be had: the platform's fault, never the tenant's. */
  async hold(offer: Pick<Offer, 'bundle' | 'grant'>): Promise<HeldBundle> {
    const { digest, npm, pip } = offer.bundle;
    const digests = [digest, npm, pip].filter((one) => one !== undefined);
    for (const one of digests) this.entry(offer.grant, one).users += 1;
    const release = (): void => {
      for (const one of digests) this.leave(one);
    };
    try {
      const path = (one: string): Promise<string> => this.entry(offer.grant, one).ready;
      const [bundleDir, npmDir, pipDir] = await Promise.all([
        path(digest),
        npm === undefined ? undefined : path(npm),
        pip === undefined ? undefined : path(pip),
      ]);
      const bundle = {
        key: digests.join('+'),
        bundleDir,
        ...(npmDir === undefined ? {} : { npmDir }),
        ...(pipDir === undefined ? {} : { pipDir }),
      };
      return { bundle, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  private entry(grant: string, digest: string): Entry {
    const known = this.entries.get(digest);
    // Used last, dropped last.
    if (known !== undefined) this.entries.delete(digest);
    const entry = known ?? { ready: this.fetch(grant, digest), users: 0 };
    this.entries.set(digest, entry);
    if (known === undefined) {
      // A failed download is tried again by the next attempt that needs it.
      entry.ready.catch(() => {
        if (this.entries.get(digest) === entry) this.entries.delete(digest);
      });
    }
    return entry;
  }

  private leave(digest: string): void {
    const entry = this.entries.get(digest);
    if (entry === undefined) return;
    entry.users -= 1;
    const unused = [...this.entries].filter(([, { users }]) => users === 0);
    for (const [old] of unused.slice(0, Math.max(0, unused.length - keptUnused))) {
      this.entries.delete(old);
      void rm(this.pathOf(old), { recursive: true, force: true });
    }
  }

  private async fetch(grant: string, digest: string): Promise<string> {
    const path = this.pathOf(digest);
    const fresh = join(this.folder, `.${randomUUID()}`);
    const archive = `${fresh}.tar.gz`;
    await mkdir(fresh, { recursive: true, mode: 0o755 });
    try {
      await this.blobs.download(grant, digest, archive);
      await unpack(archive, fresh);
      await rm(path, { recursive: true, force: true });
      await rename(fresh, path);
      return path;
    } finally {
      await rm(archive, { force: true });
      await rm(fresh, { recursive: true, force: true });
    }
  }

  private pathOf(digest: string): string {
    return join(this.folder, digest.replace(':', '-'));
  }
}
