import { badBundle, type BundleFiles, type BundleLimits, tooLarge } from './bundle.js';
import { checkedPath, foldedPath, isLitter, shown } from './path.js';

/** Takes files in one by one and refuses the first that breaks a rule. */
export class FileCollector {
  private readonly files = new Map<string, Buffer>();
  private readonly seen = new Map<string, string>();
  private readonly folders = new Set<string>();
  private count = 0;
  private totalBytes = 0;

  constructor(private readonly limits: BundleLimits) {}

  /** A folder is only the beginning of paths, but its name must be as harmless as theirs. */
  folder(rawPath: string): void {
    this.countEntry();
    const path = rawPath.replace(/\/+$/, '');
    if (path === '' || path === '.') return;
    const folded = foldedPath(checkedPath(path, this.limits));
    if (this.seen.has(folded)) throw this.clash(path);
    this.folders.add(folded);
  }

  /** Checks the path and counts the entry before any of its bytes are read. */
  announce(rawPath: string, sizeBytes: number): string {
    const path = checkedPath(rawPath, this.limits);
    this.countEntry();
    this.checkSize(path, sizeBytes);
    this.checkUnique(path);
    return path;
  }

  /** Keeps the bytes of an announced file. */
  keep(path: string, bytes: Buffer): void {
    this.checkSize(path, bytes.length);
    this.totalBytes += bytes.length;
    if (this.totalBytes > this.limits.totalBytes) {
      throw tooLarge('bundle.too_large', `the bundle is larger than ${this.limits.totalBytes} bytes unpacked`);
    }
    if (!isLitter(path)) this.files.set(path, bytes);
  }

  finish(): BundleFiles {
    return this.files;
  }

  private countEntry(): void {
    this.count += 1;
    if (this.count > this.limits.files) {
      throw tooLarge('bundle.too_many_files', `the bundle has more than ${this.limits.files} files and folders`);
    }
  }

  private checkSize(path: string, sizeBytes: number): void {
    if (sizeBytes > this.limits.fileBytes) {
      throw tooLarge('bundle.file_too_large', `${shown(path)} is larger than ${this.limits.fileBytes} bytes`);
    }
  }

  private checkUnique(path: string): void {
    const folded = foldedPath(path);
    const other = this.seen.get(folded);
    if (other !== undefined) {
      throw badBundle(
        'bundle.duplicate',
        other === path
          ? `the bundle has ${shown(path)} twice`
          : `${shown(other)} and ${shown(path)} are one file where case or Unicode form does not count`,
        { file: path },
      );
    }
    this.seen.set(folded, path);
    if (this.folders.has(folded)) throw this.clash(path);
    for (let end = folded.lastIndexOf('/'); end > 0; end = folded.lastIndexOf('/', end - 1)) {
      const folder = folded.slice(0, end);
      if (this.seen.has(folder)) throw this.clash(path);
      if (this.folders.has(folder)) break;
      this.folders.add(folder);
    }
  }

  private clash(path: string): Error {
    return badBundle('bundle.duplicate', `${shown(path)} or a part of it is a file and a folder at once`, {
      file: path,
    });
  }
}
