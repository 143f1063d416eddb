import { createHash } from 'node:crypto';
import type { DependencyKind } from './dependencies.js';

/** A dependency set that has been built. */
export interface BuiltDependency {
  readonly kind: DependencyKind;
  readonly inputDigest: string;
  /** Digest of the archive in the object store. */
  readonly objectDigest: string;
  /** The lock that the build resolved, where the bundle had none. */
  readonly lockText: string | null;
}

/** JSON text that does not depend on the order in which keys were written. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

/**
 * Names a version by its content: the definition, the bundle's files, the exact dependencies. The same content pushed
 * again is the same version.
 */
export function versionDigest(
  definitionText: string,
  contentDigest: string,
  dependencies: readonly BuiltDependency[],
): string {
  const hash = createHash('sha256').update(`${canonicalJson(JSON.parse(definitionText))}\n${contentDigest}\n`);
  for (const { kind, inputDigest, lockText } of dependencies) {
    hash.update(
      `${kind} ${inputDigest} ${lockText === null ? '-' : createHash('sha256').update(lockText).digest('hex')}\n`,
    );
  }
  return `sha256:${hash.digest('hex')}`;
}
