import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  type Scalar,
} from 'yaml';
import { definitionLimits } from './limits.js';
import { exactNumber } from './exact-number.js';
import type { SourceMember, SourceNode, SourceProblem } from './source.js';

const sentences: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this key is there twice',
  TAG_RESOLVE_FAILED: 'tags are not allowed',
  TAB_AS_INDENT: 'indent with spaces, not with tabs',
  BAD_ALIAS: 'this alias has no anchor',
};

export interface ParsedSource {
  readonly root: SourceNode | undefined;
  readonly problems: readonly SourceProblem[];
}

/** Parses YAML 1.2 (core schema): no tags, no merge keys, no duplicate keys, one document, aliases within limits. */
export function parseYaml(text: string): ParsedSource {
  const documents = parseAllDocuments(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    uniqueKeys: true,
    strict: true,
    prettyErrors: false,
    lineCounter: new LineCounter(),
  });
  const all: readonly Document.Parsed[] = 'empty' in documents ? [] : documents;
  const problems = all.flatMap((document) =>
    [...document.errors, ...document.warnings].map((error) => ({
      code: `yaml.${error.code.toLowerCase()}`,
      message: sentences[error.code] ?? plain(error.message),
      offset: error.pos[0],
    })),
  );
  const [document, second] = all;
  if (second !== undefined) {
    const offset = second.contents?.range[0] ?? text.length;
    problems.push({
      code: 'yaml.documents',
      message: 'a file holds one definition; remove the second document',
      offset,
    });
  }
  if (problems.length > 0) return { root: undefined, problems };
  if (document?.contents == null) {
    return { root: undefined, problems: [{ code: 'yaml.empty', message: 'the file is empty', offset: 0 }] };
  }
  const converter = new Converter();
  const root = converter.convert(document.contents, 0);
  return { root: converter.problems.length > 0 ? undefined : root, problems: converter.problems };
}

function plain(message: string): string {
  const sentence = message.split('\n', 1)[0] ?? message;
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

class Converter {
  readonly problems: SourceProblem[] = [];
  private nodes = 0;
  private readonly path: (string | number)[] = [];
  private readonly open = new Set<Node>();
  private readonly anchors = new Map<string, Node>();

  convert(node: Node | null, depth: number, fallback = 0): SourceNode {
    const [start, end] = node?.range ?? [fallback, fallback];
    const nothing: SourceNode = { kind: 'scalar', start, end, value: null };
    if (node === null) return nothing;
    this.nodes += 1;
    if (this.nodes > definitionLimits.nodes) {
      // One report is enough, and there is nothing to gain from walking on.
      if (this.nodes === definitionLimits.nodes + 1) {
        this.report('yaml.too_big', `the definition has more than ${definitionLimits.nodes} values`, start);
      }
      return nothing;
    }
    if (depth > definitionLimits.depth) {
      this.report('yaml.too_deep', `the definition is nested more than ${definitionLimits.depth} deep`, start);
      return nothing;
    }
    if (isAlias(node)) return this.alias(node, depth);
    if (node.anchor !== undefined) this.anchors.set(node.anchor, node);
    if (isScalar(node)) return this.scalar(node, start, end);
    if (isSeq(node)) {
      return {
        kind: 'list',
        start,
        end,
        items: node.items.map((item, index) => this.inside(index, () => this.convert(item as Node, depth + 1, start))),
      };
    }
    if (isMap(node)) {
      const members = node.items.flatMap((pair) => this.member(pair as Pair<Node, Node | null>, depth));
      return { kind: 'map', start, end, members };
    }
    return nothing;
  }

  private report(code: string, message: string, offset: number, hint?: string): void {
    this.problems.push({ code, message, offset, path: [...this.path], ...(hint === undefined ? {} : { hint }) });
  }

  private inside<T>(step: string | number, work: () => T): T {
    this.path.push(step);
    const result = work();
    this.path.pop();
    return result;
  }

  /** The aliased value, at its own place; a value inside itself is refused. */
  private alias(node: Alias, depth: number): SourceNode {
    const offset = node.range?.[0] ?? 0;
    const target = this.anchors.get(node.source);
    if (target === undefined || this.open.has(target)) {
      this.report('yaml.bad_alias', `the alias *${node.source} has no anchor before it`, offset);
      return { kind: 'scalar', start: offset, end: offset, value: null };
    }
    this.open.add(target);
    const value = this.convert(target, depth);
    this.open.delete(target);
    return value;
  }

  private member(pair: Pair<Node, Node | null>, depth: number): SourceMember[] {
    if (!isPair(pair) || !isScalar(pair.key)) {
      this.report('yaml.key', 'a key must be a plain text', pair.key?.range?.[0] ?? 0);
      return [];
    }
    const { key } = pair;
    const keyStart = key.range?.[0] ?? 0;
    if (key.value === '<<' && key.type === 'PLAIN') {
      this.report('yaml.merge_key', 'merge keys (<<) are not part of YAML 1.2', keyStart, 'write the fields out');
      return [];
    }
    // `1:` and `true:` are the texts that they look like.
    const name = typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
    const end = key.range?.[1] ?? keyStart;
    return [{ key: name, keyStart, value: this.inside(name, () => this.convert(pair.value, depth + 1, end)) }];
  }

  private scalar(node: Scalar, start: number, end: number): SourceNode {
    const { value } = node;
    if (typeof value === 'number') {
      const problem = exactNumber(node.source ?? String(value), value);
      if (problem !== undefined) this.report('definition.number', problem.message, start, problem.hint);
      return { kind: 'scalar', start, end, value };
    }
    if (value === null || typeof value === 'string' || typeof value === 'boolean') {
      return { kind: 'scalar', start, end, value };
    }
    this.report('yaml.value', 'this kind of value is not allowed', start);
    return { kind: 'scalar', start, end, value: null };
  }
}
