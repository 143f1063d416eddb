import type { Json } from '@millrace/kernel';

/** A parsed value that knows where it stands in its file; offsets are 0-based. */
export type SourceNode =
  | { readonly kind: 'map'; readonly start: number; readonly end: number; readonly members: readonly SourceMember[] }
  | { readonly kind: 'list'; readonly start: number; readonly end: number; readonly items: readonly SourceNode[] }
  | {
      readonly kind: 'scalar';
      readonly start: number;
      readonly end: number;
      readonly value: null | boolean | number | string;
    };

export interface SourceMember {
  readonly key: string;
  readonly keyStart: number;
  readonly value: SourceNode;
}

/** Steps from the root of a definition to a value of it. */
export type Path = readonly (string | number)[];

/** A mistake found while parsing. */
export interface SourceProblem {
  readonly code: string;
  readonly message: string;
  readonly offset: number;
  readonly hint?: string;
  /** The value that it is in; the root where the text could not be parsed so far. */
  readonly path?: Path;
}

export function toJson(node: SourceNode): Json {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(toJson);
    case 'map': {
      // Defined, not assigned: a key such as `__proto__` must stay an ordinary one.
      const object = {};
      for (const { key, value } of node.members) {
        Object.defineProperty(object, key, {
          value: toJson(value),
          enumerable: true,
          writable: true,
          configurable: true,
        });
      }
      return object;
    }
  }
}

function child(node: SourceNode, step: string | number): SourceNode | undefined {
  if (node.kind === 'list') return node.items[Number(step)];
  if (node.kind !== 'map') return undefined;
  return node.members.find(({ key }) => key === String(step))?.value;
}

/** The node at the path, or the nearest one above it that is there. */
export function nodeAt(root: SourceNode, path: Path): SourceNode {
  let node = root;
  for (const step of path) {
    const next = child(node, step);
    if (next === undefined) return node;
    node = next;
  }
  return node;
}

/** Offset of the value at the path; of its key where `key` is asked for and there is one. */
export function offsetOf(root: SourceNode, path: Path, part: 'key' | 'value' = 'value'): number {
  if (part === 'value' || path.length === 0) return nodeAt(root, path).start;
  const parent = nodeAt(root, path.slice(0, -1));
  const last = String(path.at(-1));
  const member = parent.kind === 'map' ? parent.members.find(({ key }) => key === last) : undefined;
  return member?.keyStart ?? nodeAt(root, path).start;
}

/** JSON Pointer (RFC 6901). */
export function toPointer(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
