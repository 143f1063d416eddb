import { suggest } from '@millrace/expressions';
import type { ErrorDetail } from '@millrace/kernel';
import { z } from 'zod';
import { standardHint } from './hints.js';
import { nodeAt, offsetOf, type Path, type SourceNode, toPointer } from './source.js';
import { TextPositions } from './text-positions.js';

/** Where a definition comes from. */
export interface DefinitionSource {
  /** Path in the bundle; absent where the definition stands in the JSON document itself. */
  readonly file?: string;
  readonly text: string;
  /** Pointer of the definition in the document, and its 1-based place there; only for inline definitions. */
  readonly pointer?: string;
  readonly line?: number;
  readonly column?: number;
}

export interface ProblemOptions {
  readonly hint?: string | undefined;
  /** Point at the key instead of the value. */
  readonly part?: 'key' | 'value';
}

/** Collects what is wrong with one definition; every problem knows its place. */
export class Problems {
  readonly found: ErrorDetail[] = [];
  private readonly positions: TextPositions;
  private root: SourceNode | undefined;

  constructor(private readonly source: DefinitionSource) {
    this.positions = new TextPositions(source.text);
  }

  /** Paths are looked up in this from now on. */
  useRoot(root: SourceNode): void {
    this.root = root;
  }

  add(code: string, message: string, path: Path, options: ProblemOptions = {}): void {
    this.addAt(
      code,
      message,
      path,
      this.root === undefined ? 0 : offsetOf(this.root, path, options.part),
      options.hint,
    );
  }

  addAt(code: string, message: string, path: Path, offset: number, hint?: string): void {
    const pointer = `${this.source.pointer ?? ''}${toPointer(path)}`;
    const advice = hint ?? standardHint(code);
    this.found.push({
      code,
      message,
      pointer,
      ...(this.source.file === undefined ? {} : { file: this.source.file }),
      ...this.position(offset),
      ...(advice === undefined ? {} : { hint: advice }),
    });
  }

  /**
   * A problem inside a text, at an offset of its value. Quotes and indentation make source and value differ; where
   * `fragment` (what stands at the offset) is found in the source, its place there is taken, else the text's beginning.
   */
  addInText(code: string, message: string, path: Path, offset: number, fragment: string, hint?: string): void {
    const node = this.root === undefined ? undefined : nodeAt(this.root, path);
    if (node?.kind !== 'scalar' || typeof node.value !== 'string') {
      this.add(code, message, path, { hint });
      return;
    }
    const raw = this.source.text.slice(node.start, node.end);
    let at = raw.indexOf(fragment);
    // The same fragment may stand in the text several times: take the one with as many of them before it.
    for (let before = node.value.indexOf(fragment); before >= 0 && before < offset && at >= 0;) {
      before = node.value.indexOf(fragment, before + 1);
      if (before < 0 || before > offset) break;
      at = raw.indexOf(fragment, at + 1);
    }
    this.addAt(code, message, path, node.start + Math.max(0, at), hint);
  }

  /** The issues of a schema, as problems; `schema` gives the names for suggestions. */
  addIssues(issues: readonly z.core.$ZodIssue[], base: Path, schema: z.ZodType): void {
    for (const issue of issues) {
      const path = [...base, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))];
      if (issue.code === 'unrecognized_keys') {
        const known = knownKeys(schema, issue.path);
        for (const key of issue.keys) this.addUnknownField(key, [...path, key], known);
      } else if (!this.has(path) && issue.code !== 'custom') {
        this.add(
          'pipeline.missing_field',
          `"${path.at(-1) ?? ''}" is missing: it ${expectation(issue.message)}`,
          path.slice(0, -1),
          { hint: exampleAt(schema, issue.path, (example) => `add it, for example ${example}`) },
        );
      } else {
        this.add('pipeline.invalid_value', about(path, lower(issue.message)), path, {
          hint: this.suggestion(issue, path) ?? exampleAt(schema, issue.path, (example) => `for example ${example}`),
        });
      }
    }
  }

  addUnknownField(key: string, path: Path, known: readonly string[]): void {
    const close = suggest(key, known);
    const hint =
      close === undefined
        ? known.length === 0
          ? undefined
          : `known are ${known.join(', ')}`
        : `did you mean "${close}"?`;
    this.add('pipeline.unknown_field', `there is no field "${key}" here`, path, { part: 'key', hint });
  }

  /** Pointer, line and column of a value. */
  placeOf(path: Path): { pointer: string; line: number; column: number } {
    const offset = this.root === undefined ? 0 : offsetOf(this.root, path);
    return { pointer: `${this.source.pointer ?? ''}${toPointer(path)}`, ...this.position(offset) };
  }

  private suggestion(issue: z.core.$ZodIssue, path: Path): string | undefined {
    if (issue.code !== 'invalid_value' || this.root === undefined) return undefined;
    const node = nodeAt(this.root, path);
    const close = node.kind === 'scalar' ? suggest(String(node.value), issue.values.map(String)) : undefined;
    return close === undefined ? undefined : `did you mean "${close}"?`;
  }

  private has(path: Path): boolean {
    if (this.root === undefined || path.length === 0) return true;
    const parent = nodeAt(this.root, path.slice(0, -1));
    return parent.kind !== 'map' || parent.members.some(({ key }) => key === String(path.at(-1)));
  }

  private position(offset: number): { line: number; column: number } {
    const { line, column } = this.positions.at(offset);
    const { line: baseLine = 1, column: baseColumn = 1 } = this.source;
    return { line: line + baseLine - 1, column: line === 1 ? column + baseColumn - 1 : column };
  }
}

const nouns: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

/** The schema library's standard sentence in our words; sentences of our own schemas pass. */
function lower(message: string): string {
  const standard = /^Invalid input: expected (\w+), received (\w+)$/.exec(message);
  if (standard === null) return message.charAt(0).toLowerCase() + message.slice(1);
  const [, expected = '', received = ''] = standard;
  return `must be ${nouns[expected] ?? expected}, not ${nouns[received] ?? received}`;
}

/** The sentence with its subject: the field, or the task where the whole of it is meant. */
function about(path: Path, predicate: string): string {
  if (predicate.startsWith('"')) return predicate;
  const subject = path.length === 2 && path[0] === 'tasks' ? `the task "${path[1]}"` : `"${fieldName(path)}"`;
  return `${subject} ${predicate}`;
}

/** The last field of the path, with the indexes behind it: `needs[1]`. */
function fieldName(path: Path): string {
  const field = path.findLastIndex((step) => typeof step === 'string');
  const indexes = path.slice(field + 1).map((index) => `[${index}]`);
  return `${path[field] ?? ''}${indexes.join('')}`;
}

function expectation(message: string): string {
  return lower(message).replace(/, not undefined$/, '');
}

/** The schema at the path; undefined where it cannot be told. */
function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): unknown {
  let at: unknown = schema;
  for (const step of path) {
    at = unwrapped(at);
    if (at instanceof z.ZodObject) at = (at.shape as Record<string, unknown>)[String(step)];
    else if (at instanceof z.ZodRecord) at = at.valueType;
    else if (at instanceof z.ZodArray) at = at.element;
    else return undefined;
  }
  return at;
}

/** Keys of the object schema at the path; none where they cannot be told. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  const at = unwrapped(schemaAt(schema, path));
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

/** The example of the nearest field that has one, as it may be written. */
function exampleAt(
  schema: z.ZodType,
  path: readonly PropertyKey[],
  say: (example: string) => string,
): string | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const at = schemaAt(schema, path.slice(0, length));
    const examples = at instanceof z.ZodType ? z.globalRegistry.get(at)?.['examples'] : undefined;
    const name = path[length - 1];
    if (Array.isArray(examples) && typeof name === 'string') {
      return say(`${name}: ${JSON.stringify((examples as unknown[])[0])}`);
    }
  }
  return undefined;
}

function unwrapped(schema: unknown): unknown {
  let at = schema;
  while (at instanceof z.ZodOptional || at instanceof z.ZodDefault || at instanceof z.ZodNullable) at = at.unwrap();
  return at;
}
