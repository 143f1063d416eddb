import { ExpressionError } from './errors.js';

const maxRepeat = 1000;

export type CharTest = (code: number) => boolean;

export type Node =
  | { readonly kind: 'char'; readonly test: CharTest }
  | { readonly kind: 'assert'; readonly at: 'start' | 'end' | 'lineStart' | 'lineEnd' | 'word' | 'notWord' }
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'choice'; readonly items: readonly Node[] }
  | { readonly kind: 'repeat'; readonly item: Node; readonly min: number; readonly max: number };

interface Flags {
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
  readonly multiLine: boolean;
}

/** The refusal of a pattern. */
export function badPattern(message: string): ExpressionError {
  return new ExpressionError('expression.regex', `wrong regular expression: ${message}`);
}

export function isWord(code: number): boolean {
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

/** Parses RE2's syntax; throws `expression.regex`. */
export class PatternParser {
  private at = 0;
  private depth = 0;
  private readonly points: readonly string[];

  constructor(pattern: string) {
    this.points = Array.from(pattern);
  }

  parse(): Node {
    const node = this.choice({ ignoreCase: false, dotAll: false, multiLine: false });
    if (this.at < this.points.length) throw badPattern('")" without "("');
    return node;
  }

  private peek(): string | undefined {
    return this.points[this.at];
  }

  private take(): string {
    const ch = this.points[this.at];
    if (ch === undefined) throw badPattern('it ends too early');
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
      while (this.take() !== '>') if (this.at > this.points.length) throw badPattern('a group name does not end');
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
      else if (ch !== 'U') throw badPattern(`"(?${ch}" is not supported (look-around is not part of RE2)`);
    }
  }

  private group(flags: Flags): Node {
    this.depth += 1;
    if (this.depth > 100) throw badPattern('its groups are nested too deeply');
    const node = this.choice(flags);
    if (!this.accept(')')) throw badPattern('"(" without ")"');
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
        throw badPattern(`"${ch}" has nothing to repeat`);
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
      if (!/^[0-9a-fA-F]{1,6}$/.test(hex)) throw badPattern('"\\x" needs hexadecimal digits');
      return Number.parseInt(hex, 16);
    }
    if (/[A-Za-z0-9]/.test(ch)) throw badPattern(`"\\${ch}" is not supported`);
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
      if (test === undefined) throw badPattern(`"[:${name}:]" is not a class`);
      return negated ? (c) => !test(c) : test;
    }
    const low = this.classCode();
    if (typeof low !== 'number') return low;
    if (this.peek() !== '-' || this.points[this.at + 1] === ']') return (c) => c === low;
    this.at += 1;
    const high = this.classCode();
    if (typeof high !== 'number' || high < low) throw badPattern('a range in "[…]" is the wrong way round');
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
    if (min > maxRepeat || (max !== Infinity && max > maxRepeat))
      throw badPattern(`it repeats more than ${maxRepeat} times`);
    if (max < min) throw badPattern('the bounds of "{…}" are the wrong way round');
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
