import { createHash } from 'node:crypto';
import type { ErrorDetail, Json, JsonObject } from '@millrace/kernel';
import type { BundleFiles } from './bundle/bundle.js';
import { parseJson } from './format/parse-json.js';
import { toJson } from './format/source.js';
import { TextPositions } from './format/text-positions.js';

export type DependencyKind = 'npm' | 'pip';

/** What has to be built before the bundle's tasks can run. */
export interface DependencySet {
  readonly kind: DependencyKind;
  /** Digest of everything that decides the result: names it. */
  readonly inputDigest: string;
}

export interface BundleDependencies {
  readonly sets: readonly DependencySet[];
  /** Packages that JavaScript of the bundle may import. */
  readonly packages: readonly string[];
  readonly problems: readonly ErrorDetail[];
}

const packageFields = ['dependencies', 'optionalDependencies', 'peerDependencies'] as const;
const lockFiles = ['package-lock.json', 'npm-shrinkwrap.json'] as const;

/**
 * What `package.json` and `requirements.txt` at the bundle's root ask for. `platform` names what the result is built for
 * (system, processor, runtimes): another platform needs another build.
 */
export function findDependencies(files: BundleFiles, platform: string): BundleDependencies {
  const npm = readPackage(files);
  const sets: DependencySet[] = [];
  if (npm.installs)
    sets.push({ kind: 'npm', inputDigest: inputDigest('npm', platform, files, ['package.json', ...lockFiles]) });
  if (hasRequirements(files)) {
    sets.push({ kind: 'pip', inputDigest: inputDigest('pip', platform, files, ['requirements.txt']) });
  }
  return { sets, packages: npm.packages, problems: npm.problems };
}

function inputDigest(kind: DependencyKind, platform: string, files: BundleFiles, paths: readonly string[]): string {
  const hash = createHash('sha256').update(`${kind}\n${platform}\n`);
  for (const path of paths) {
    const bytes = files.get(path);
    if (bytes !== undefined) hash.update(`${path} ${bytes.length}\n`).update(bytes);
  }
  return `sha256:${hash.digest('hex')}`;
}

interface PackageFile {
  readonly installs: boolean;
  readonly packages: readonly string[];
  readonly problems: readonly ErrorDetail[];
}

function readPackage(files: BundleFiles): PackageFile {
  const bytes = files.get('package.json');
  if (bytes === undefined) return { installs: false, packages: [], problems: [] };
  const text = bytes.toString('utf8');
  const parsed = parseJson(text);
  const positions = new TextPositions(text);
  if (parsed.root?.kind !== 'map') {
    const found =
      parsed.problems.length > 0 ? parsed.problems : [{ code: 'json.syntax', message: 'must be an object', offset: 0 }];
    const problems = found.map(({ code, message, offset }) => ({
      code,
      message,
      file: 'package.json',
      ...positions.at(offset),
    }));
    return { installs: false, packages: [], problems };
  }
  const manifest = toJson(parsed.root) as JsonObject;
  const names = packageFields.flatMap((field) => keysOf(manifest[field]));
  return {
    installs: keysOf(manifest['dependencies']).length + keysOf(manifest['optionalDependencies']).length > 0,
    packages: [...new Set(names)],
    problems: [],
  };
}

function keysOf(value: Json | undefined): string[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}

function hasRequirements(files: BundleFiles): boolean {
  const text = files.get('requirements.txt')?.toString('utf8') ?? '';
  return text.split('\n').some((line) => line.replace(/#.*$/, '').trim() !== '');
}
