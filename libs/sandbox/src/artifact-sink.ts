import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { maxArtifactNameLength, maxArtifacts } from './protocol.js';
import type { SandboxArtifact } from './result.js';

/** Thrown where init, or code that speaks in its place, breaks the rules; the attempt ends. */
export class ArtifactRuleError extends Error {
  override readonly name = 'ArtifactRuleError';
}

const contentTypePattern = /^[\w.+-]+\/[\w.+-]+(; ?charset=[\w-]+)?$/;

/** Receives the files of one attempt and keeps them under numbers: a name from inside is never part of a host path. */
export class ArtifactSink {
  private readonly files: SandboxArtifact[] = [];
  private total = 0;
  private begun = false;
  private current: { descriptor: number; missing: number } | undefined;

  constructor(
    private readonly directory: string,
    private readonly maxBytes: number,
  ) {}

  /** True where nothing was ever written to the directory. */
  get isEmpty(): boolean {
    return !this.begun;
  }

  get artifacts(): readonly SandboxArtifact[] {
    return this.files;
  }

  begin(name: unknown, sizeBytes: unknown, contentType: unknown): void {
    this.finishFile();
    if (typeof name !== 'string' || !isArtifactName(name)) throw new ArtifactRuleError('an artifact has a bad name');
    if (typeof sizeBytes !== 'number' || !Number.isSafeInteger(sizeBytes) || sizeBytes < 0) {
      throw new ArtifactRuleError(`the artifact ${name} has no size`);
    }
    this.total += sizeBytes;
    if (this.files.length >= maxArtifacts || this.total > this.maxBytes) {
      throw new ArtifactRuleError('the artifacts are over their limit');
    }
    this.begun = true;
    mkdirSync(this.directory, { recursive: true });
    const path = join(this.directory, String(this.files.length + 1));
    this.current = { descriptor: openSync(path, 'wx', 0o600), missing: sizeBytes };
    const type =
      typeof contentType === 'string' && contentType.length <= 100 && contentTypePattern.test(contentType)
        ? { contentType }
        : {};
    this.files.push({ name, path, sizeBytes, ...type });
  }

  /** Written at once: the task waits, the runner's memory does not fill. */
  write(bytes: Buffer): void {
    if (this.current === undefined || bytes.length > this.current.missing) {
      throw new ArtifactRuleError('an artifact is longer than it was said to be');
    }
    writeSync(this.current.descriptor, bytes);
    this.current.missing -= bytes.length;
  }

  /** Closes the last file. One that never came completely is not an artifact. */
  finish(): void {
    this.finishFile();
  }

  private finishFile(): void {
    if (this.current === undefined) return;
    closeSync(this.current.descriptor);
    if (this.current.missing > 0) this.files.pop();
    this.current = undefined;
  }
}

function isArtifactName(name: string): boolean {
  const parts = name.split('/');
  return (
    name.length > 0 &&
    name.length <= maxArtifactNameLength &&
    !/[\\\x00-\x1f\x7f]/.test(name) &&
    parts.every((part) => part !== '' && part !== '.' && part !== '..')
  );
}
