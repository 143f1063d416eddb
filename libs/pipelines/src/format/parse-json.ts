import { definitionLimits } from './limits.js';
import { exactNumber } from './exact-number.js';
import type { ParsedSource } from './parse-yaml.js';
import type { Path, SourceMember, SourceNode, SourceProblem } from './source.js';

class JsonFailure extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly offset: number,
    readonly path: Path,
  ) {
    super(message);
  }
}

/** Parses strict JSON with positions; duplicate keys are errors. */
export function parseJson(text: string): ParsedSource {
  const parser = new JsonParser(text);
  try {
    const root = parser.document();
    return { root: parser.problems.length > 0 ? undefined : root, problems: parser.problems };
  } catch (error) {
    if (!(error instanceof JsonFailure)) throw error;
    const { code, message, offset, path } = error;
    return { root: undefined, problems: [...parser.problems, { code, message, offset, path }] };
  }
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const space = /[ \t\r\n]*/y;

class JsonParser {
  readonly problems: SourceProblem[] = [];
  private at = 0;
  private readonly path: (string | number)[] = [];
  private nodes = 0;

  constructor(private readonly text: string) {}

  document(): SourceNode {
    const root = this.value(0);
    this.skipSpace();
    if (this.at < this.text.length) throw this.failure('something follows the value');
    return root;
  }

  private failure(message: string, code = 'json.syntax'): JsonFailure {
    return new JsonFailure(code, message, this.at, [...this.path]);
  }

  private skipSpace(): void {
    space.lastIndex = this.at;
    space.test(this.text);
    this.at = space.lastIndex;
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text)?.[0];
    if (match !== undefined) this.at += match.length;
    return match;
  }

  private accept(ch: string): boolean {
    this.skipSpace();
    if (this.text.charAt(this.at) !== ch) return false;
    this.at += 1;
    return true;
  }

  private value(depth: number): SourceNode {
    this.skipSpace();
    this.nodes += 1;
    if (this.nodes > definitionLimits.nodes) {
      throw this.failure(`the definition has more than ${definitionLimits.nodes} values`, 'json.too_big');
    }
    if (depth > definitionLimits.depth) {
      throw this.failure(`the definition is nested more than ${definitionLimits.depth} deep`, 'json.too_deep');
    }
    const start = this.at;
    if (this.accept('{')) return { kind: 'map', start, members: this.members(depth), end: this.at };
    if (this.accept('[')) return { kind: 'list', start, items: this.items(depth), end: this.at };
    const scalar = this.scalar(start);
    return { kind: 'scalar', start, end: this.at, value: scalar };
  }

  private scalar(start: number): null | boolean | number | string {
    if (this.text.charAt(start) === '"') return this.string();
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (this.text.startsWith(word, start)) {
        this.at += word.length;
        return value;
      }
    }
    const source = this.take(number);
    if (source === undefined) {
      throw this.failure(
        start >= this.text.length ? 'the text ends too early' : `unexpected ${JSON.stringify(this.text.charAt(start))}`,
      );
    }
    const value = Number(source);
    const problem = exactNumber(source, value);
    if (problem !== undefined) {
      const { message, hint } = problem;
      this.problems.push({ code: 'definition.number', message, offset: start, hint, path: [...this.path] });
    }
    return value;
  }

  private string(): string {
    const source = this.take(string);
    if (source === undefined) throw this.failure('this string does not end, or has a wrong escape');
    return JSON.parse(source) as string;
  }

  private members(depth: number): SourceMember[] {
    const members = new Map<string, SourceMember>();
    if (this.accept('}')) return [];
    do {
      this.skipSpace();
      const keyStart = this.at;
      if (this.text.charAt(keyStart) !== '"') throw this.failure('a key in double quotes is missing');
      const key = this.string();
      if (!this.accept(':')) throw this.failure('":" is missing');
      if (members.has(key)) {
        const path = [...this.path, key];
        this.problems.push({ code: 'json.duplicate_key', message: 'this key is there twice', offset: keyStart, path });
      }
      this.path.push(key);
      members.set(key, { key, keyStart, value: this.value(depth + 1) });
      this.path.pop();
    } while (this.accept(','));
    if (!this.accept('}')) throw this.failure('"," or "}" is missing');
    return [...members.values()];
  }

  private items(depth: number): SourceNode[] {
    const items: SourceNode[] = [];
    if (this.accept(']')) return items;
    do {
      this.path.push(items.length);
      items.push(this.value(depth + 1));
      this.path.pop();
    } while (this.accept(','));
    if (!this.accept(']')) throw this.failure('"," or "]" is missing');
    return items;
  }
}
