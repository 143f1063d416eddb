/**
 * Regular expressions in the syntax of RE2 (which CEL prescribes), run as a set of states: time is the length of the
 * text times the size of the pattern, whatever the pattern. JavaScript's own engine backtracks and can be made to run
 * for years by `(a+)+$`.
 */
import { ExpressionError } from './errors.js';
import { Meter } from './limits.js';

/** Longest pattern, and most states that it may become. */
const maxPatternLength = 1000;
const maxStates = 4000;
const maxRepeat = 1000;

type CharTest = (code: number) => boolean;

type Node =
  | { readonly kind: 'char'; readonly test: CharTest }
  | { readonly kind: 'assert'; readonly at: 'start' | 'end' | 'lineStart' | 'lineEnd' | 'word' | 'notWord' }
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'choice'; readonly items: readonly Node[] }
  | { readonly kind: 'repeat'; readonly item: Node; readonly min: number; readonly max: number };

type State =
  | { readonly kind: 'char'; readonly test: CharTest; next: number }
  | { readonly kind: 'split'; next: number; other: number }
  | { readonly kind: 'assert'; readonly at: Extract<Node, { kind: 'assert' }>['at']; next: number }
  | { readonly kind: 'match' };

interface Flags {
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
  readonly multiLine: boolean;
}

function bad(message: string): ExpressionError {
  return new ExpressionError('expression.regex', `wrong regular expression: ${message}`);
}

function isWord(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122);
}
function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13 && code !== 11);
}

const posix: Readonly<Record<string, CharTest>> = {
  alnum: (c) => isWord(c) && c !== 95,
  alpha: (c) => isWord(c) && c !== 95 && !isDigit(c),
  ascii: (c) => c < 128,
  blank: (c) => c === 32 || c === 9,
  cntrl: (c) => c < 32 || c === 127,
  digit: isDigit,
  graph: (c) => c > 32 && c < 127,
  lower: (c) => c >= 97 && c <= 122,
  print: (c) => c >= 32 && c < 127,
  punct: (c) => c > 32 && c < 127 && !(isWord(c) && c !== 95),
  space: (c) => isSpace(c) || c === 11,
  upper: (c) => c >= 65 && c <= 90,
  word: isWord,
  xdigit: (c) => isDigit(c) || (c >= 65 && c <= 70) || (c >= 97 && c <= 102),
};

const shorthand: Readonly<Record<string, CharTest>> = {
  d: isDigit,
  D: (c) => !isDigit(c),
  w: isWord,
  W: (c) => !isWord(c),
  s: isSpace,
  S: (c) => !isSpace(c),
};

const controls: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, a: 7 };

class PatternParser {
  private at = 0;
  private depth = 0;
  private readonly points: readonly string[];

  constructor(pattern: string) {
    this.points = Array.from(pattern);
  }

  parse(): Node {
    const node = this.choice({ ignoreCase: false, dotAll: false, multiLine: false });
    if (this.at < this.points.length) throw bad('")" without "("');
    return node;
  }

  private peek(): string | undefined {
    return this.points[this.at];
  }

  private take(): string {
    const ch = this.points[this.at];
    if (ch === undefined) throw bad('it ends too early');
    this.at += 1;
    return ch;
  }

  private accept(text: string): boolean {
    const wanted = Array.from(text);
    if (!wanted.every((ch, i) => this.points[this.at + i] === ch)) return false;
    this.at += wanted.length;
    return true;
  }

  private choice(flags: Flags): Node {
    const items = [this.sequence(flags)];
    while (this.accept('|')) items.push(this.sequence(flags));
    return items.length === 1 ? (items[0] as Node) : { kind: 'choice', items };
  }

  private sequence(outer: Flags): Node {
    let flags = outer;
    const items: Node[] = [];
    for (;;) {
      const ch = this.peek();
      if (ch === undefined || ch === '|' || ch === ')') return { kind: 'sequence', items };
      if (ch === '(' && this.points[this.at + 1] === '?') {
        const group = this.flagGroup(flags);
        if (group.node === undefined) {
          flags = group.flags;
          continue;
        }
        items.push(this.repeated(group.node));
        continue;
      }
      items.push(this.repeated(this.atom(flags)));
    }
  }

  /** `(?i)` changes the flags to the end of the group, `(?i:…)` and `(?P<name>…)` are groups. */
  private flagGroup(flags: Flags): { node?: Node; flags: Flags } {
    this.at += 2;
    const isNamed = this.accept('P<') || (this.peek() === '<' && /[A-Za-z_]/.test(this.points[this.at + 1] ?? ''));
    if (isNamed) {
      while (this.take() !== '>') if (this.at > this.points.length) throw bad('a group name does not end');
      return { node: this.group(flags), flags };
    }
    let on = true;
    let next = flags;
    for (;;) {
      const ch = this.take();
      if (ch === ')') return { flags: next };
      if (ch === ':') return { node: this.group(next), flags };
      if (ch === '-') on = false;
      else if (ch === 'i') next = { ...next, ignoreCase: on };
      else if (ch === 's') next = { ...next, dotAll: on };
      else if (ch === 'm') next = { ...next, multiLine: on };
      else if (ch !== 'U') throw bad(`"(?${ch}" is not supported (look-around is not part of RE2)`);
    }
  }

  private group(flags: Flags): Node {
    this.depth += 1;
    if (this.depth > 100) throw bad('its groups are nested too deeply');
    const node = this.choice(flags);
    if (!this.accept(')')) throw bad('"(" without ")"');
    this.depth -= 1;
    return node;
  }

  private atom(flags: Flags): Node {
    const ch = this.take();
    switch (ch) {
      case '(':
        return this.group(flags);
      case '[':
        return { kind: 'char', test: this.charClass(flags) };
      case '.':
        return { kind: 'char', test: flags.dotAll ? () => true : (c) => c !== 10 };
      case '^':
        return { kind: 'assert', at: flags.multiLine ? 'lineStart' : 'start' };
      case '$':
        return { kind: 'assert', at: flags.multiLine ? 'lineEnd' : 'end' };
      case '*':
      case '+':
      case '?':
        throw bad(`"${ch}" has nothing to repeat`);
      case '\\':
        return this.escape(flags);
      default:
        return literal(ch.codePointAt(0) ?? 0, flags);
    }
  }

  private escape(flags: Flags): Node {
    const ch = this.take();
    if (ch === 'A') return { kind: 'assert', at: 'start' };
    if (ch === 'z') return { kind: 'assert', at: 'end' };
    if (ch === 'b') return { kind: 'assert', at: 'word' };
    if (ch === 'B') return { kind: 'assert', at: 'notWord' };
    const known = shorthand[ch];
    if (known !== undefined) return { kind: 'char', test: known };
    return literal(this.escapedCode(ch), flags);
  }

  private escapedCode(ch: string): number {
    const control = controls[ch];
    if (control !== undefined) return control;
    if (ch === 'x') {
      let hex = '';
      if (this.accept('{')) for (let c = this.take(); c !== '}'; c = this.take()) hex += c;
      else hex = this.take() + this.take();
      if (!/^[0-9a-fA-F]{1,6}$/.test(hex)) throw bad('"\\x" needs hexadecimal digits');
      return Number.parseInt(hex, 16);
    }
    if (/[A-Za-z0-9]/.test(ch)) throw bad(`"\\${ch}" is not supported`);
    return ch.codePointAt(0) ?? 0;
  }

  private charClass(flags: Flags): CharTest {
    const negated = this.accept('^');
    const tests: CharTest[] = [];
    let first = true;
    for (;;) {
      if (this.peek() === ']' && !first) break;
      first = false;
      tests.push(this.classItem());
    }
    this.at += 1;
    const any: CharTest = (c) => tests.some((test) => test(c));
    const test = flags.ignoreCase ? eitherCase(any) : any;
    return negated ? (c) => !test(c) : test;
  }

  private classItem(): CharTest {
    if (this.accept('[:')) {
      const negated = this.accept('^');
      let name = '';
      while (!this.accept(':]')) name += this.take();
      const test = Object.hasOwn(posix, name) ? posix[name] : undefined;
      if (test === undefined) throw bad(`"[:${name}:]" is not a class`);
      return negated ? (c) => !test(c) : test;
    }
    const low = this.classCode();
    if (typeof low !== 'number') return low;
    if (this.peek() !== '-' || this.points[this.at + 1] === ']') return (c) => c === low;
    this.at += 1;
    const high = this.classCode();
    if (typeof high !== 'number' || high < low) throw bad('a range in "[…]" is the wrong way round');
    return (c) => c >= low && c <= high;
  }

  private classCode(): number | CharTest {
    const ch = this.take();
    if (ch !== '\\') return ch.codePointAt(0) ?? 0;
    const next = this.take();
    return shorthand[next] ?? this.escapedCode(next);
  }

  private repeated(item: Node): Node {
    let node = item;
    for (;;) {
      const bounds = this.bounds();
      if (bounds === undefined) return node;
      // Laziness changes what a group captures, never whether the pattern matches.
      this.accept('?');
      node = { kind: 'repeat', item: node, ...bounds };
    }
  }

  private bounds(): { min: number; max: number } | undefined {
    if (this.accept('*')) return { min: 0, max: Infinity };
    if (this.accept('+')) return { min: 1, max: Infinity };
    if (this.accept('?')) return { min: 0, max: 1 };
    const counted = /^\{(\d{1,5})(,(\d{0,5}))?\}/.exec(this.points.slice(this.at, this.at + 14).join(''));
    if (counted === null) return undefined;
    this.at += counted[0].length;
    const min = Number(counted[1]);
    const max = counted[2] === undefined ? min : counted[3] === '' ? Infinity : Number(counted[3]);
    if (min > maxRepeat || (max !== Infinity && max > maxRepeat)) throw bad(`it repeats more than ${maxRepeat} times`);
    if (max < min) throw bad('the bounds of "{…}" are the wrong way round');
    return { min, max };
  }
}

function eitherCase(test: CharTest): CharTest {
  return (code) => {
    if (test(code)) return true;
    const ch = String.fromCodePoint(code);
    return test(ch.toLowerCase().codePointAt(0) ?? code) || test(ch.toUpperCase().codePointAt(0) ?? code);
  };
}

function literal(code: number, flags: Flags): Node {
  const exact: CharTest = (c) => c === code;
  return { kind: 'char', test: flags.ignoreCase ? eitherCase(exact) : exact };
}

/** Thompson's construction; the last state added by `add` continues at `next`. */
class Program {
  readonly states: State[] = [{ kind: 'match' }];
  readonly start: number;

  constructor(node: Node) {
    this.start = this.add(node, 0);
  }

  private push(state: State): number {
    if (this.states.length >= maxStates) throw bad('it is too big');
    this.states.push(state);
    return this.states.length - 1;
  }

  private add(node: Node, next: number): number {
    switch (node.kind) {
      case 'char':
        return this.push({ kind: 'char', test: node.test, next });
      case 'assert':
        return this.push({ kind: 'assert', at: node.at, next });
      case 'sequence':
        return node.items.reduceRight((after, item) => this.add(item, after), next);
      case 'choice':
        return node.items
          .map((item) => this.add(item, next))
          .reduceRight((other, start) => this.push({ kind: 'split', next: start, other }));
      case 'repeat':
        return this.repeat(node.item, node.min, node.max, next);
    }
  }

  private repeat(item: Node, min: number, max: number, next: number): number {
    let start = next;
    if (max === Infinity) {
      const loop: State = { kind: 'split', next, other: next };
      const at = this.push(loop);
      loop.next = this.add(item, at);
      start = at;
    } else {
      for (let i = min; i < max; i += 1) start = this.push({ kind: 'split', next: this.add(item, start), other: next });
    }
    for (let i = 0; i < min; i += 1) start = this.add(item, start);
    return start;
  }
}

export interface Regex {
  /** True where the pattern matches anywhere in the text. */
  test(text: string, meter: Meter): boolean;
}

const cache = new Map<string, Regex>();
const cacheSize = 500;

/** Compiles an RE2 pattern; throws `expression.regex`. */
export function compileRegex(pattern: string): Regex {
  const known = cache.get(pattern);
  if (known !== undefined) return known;
  if (pattern.length > maxPatternLength) throw bad(`it is longer than ${maxPatternLength} characters`);
  const program = new Program(new PatternParser(pattern).parse());
  const regex: Regex = { test: (text, meter) => simulate(program, text, meter) };
  if (cache.size >= cacheSize) cache.delete(cache.keys().next().value ?? '');
  cache.set(pattern, regex);
  return regex;
}

/**
 * A pattern with JavaScript's `test`, for libraries that take an engine in place of RegExp. A text that needs more than
 * a million steps throws `expression.limit`.
 */
export function linearRegExp(pattern: string): { test(text: string): boolean } {
  const regex = compileRegex(pattern);
  return { test: (text) => regex.test(text, new Meter()) };
}

function simulate(program: Program, text: string, meter: Meter): boolean {
  const { states, start } = program;
  const mark = new Int32Array(states.length).fill(-1);
  let current: number[] = [];
  let step = 0;
  let previous = -1;
  let i = 0;
  for (;;) {
    const code = i < text.length ? (text.codePointAt(i) ?? -1) : -1;
    const closed: number[] = [];
    // A match may begin anywhere, so the start joins the live states at every character.
    const pending = [...current, start];
    while (pending.length > 0) {
      const at = pending.pop() as number;
      if (mark[at] === step) continue;
      mark[at] = step;
      const state = states[at] as State;
      if (state.kind === 'match') return true;
      if (state.kind === 'char') closed.push(at);
      else if (state.kind === 'split') pending.push(state.other, state.next);
      else if (holds(state.at, previous, code)) pending.push(state.next);
    }
    meter.work(1 + closed.length);
    if (code === -1) return false;
    current = [];
    for (const at of closed) {
      const state = states[at] as Extract<State, { kind: 'char' }>;
      if (state.test(code)) current.push(state.next);
    }
    previous = code;
    i += code > 0xffff ? 2 : 1;
    step += 1;
  }
}

function holds(at: Extract<Node, { kind: 'assert' }>['at'], before: number, after: number): boolean {
  switch (at) {
    case 'start':
      return before === -1;
    case 'end':
      return after === -1;
    case 'lineStart':
      return before === -1 || before === 10;
    case 'lineEnd':
      return after === -1 || after === 10;
    case 'word':
      return isWord(before) !== isWord(after);
    case 'notWord':
      return isWord(before) === isWord(after);
  }
}
