/** A value as it is written in a source file; offsets are 0-based. */
export interface WrittenValue {
  readonly start: number;
  /** Present where the value is an object literal. */
  readonly members?: ReadonlyMap<string, WrittenValue>;
  /** Present where the value is a list literal. */
  readonly items?: readonly WrittenValue[];
}

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const trivia = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const memberKey = /(?:([A-Za-z_$][\w$]*)|'([^'\\\n]*)'|"([^"\\\n]*)"|(\d+))/y;

/**
 * Finds where the literals of a call stand. It understands brackets, texts and comments and takes everything else as it
 * comes; where it loses its way it gives nothing, and the place of the call itself has to do.
 */
export class LiteralScanner {
  private at = 0;

  constructor(private readonly text: string) {}

  /** The arguments of the call whose callee's name begins at the offset; undefined where they cannot be found. */
  argumentsAt(offset: number): readonly WrittenValue[] | undefined {
    const open = /[\w$.]+\s*(?:<[^()]*>)?\s*\(/y;
    open.lastIndex = offset;
    if (!open.test(this.text)) return undefined;
    this.at = open.lastIndex;
    return this.list(')');
  }

  private get char(): string {
    return this.text.charAt(this.at);
  }

  private skipTrivia(): void {
    trivia.lastIndex = this.at;
    trivia.test(this.text);
    this.at = trivia.lastIndex;
  }

  /** Values up to the closing bracket, which is taken as well. */
  private list(end: string): WrittenValue[] | undefined {
    const values: WrittenValue[] = [];
    for (;;) {
      this.skipTrivia();
      if (this.char === end) {
        this.at += 1;
        return values;
      }
      const value = this.value();
      if (value === undefined) return undefined;
      values.push(value);
      if (this.char === ',') this.at += 1;
    }
  }

  /** One value, up to the comma or the bracket that ends it. */
  private value(): WrittenValue | undefined {
    this.skipTrivia();
    const start = this.at;
    const literal = this.literal(start);
    this.skipTrivia();
    // `{ … }.x` or `[…].map(…)` are no literals, but their beginning is found all the same.
    if (literal !== undefined && /[,)\]}]/.test(this.char)) return literal;
    if (!this.skipRest()) return undefined;
    return { start };
  }

  private literal(start: number): WrittenValue | undefined {
    if (this.char === '[') {
      this.at += 1;
      const items = this.list(']');
      if (items !== undefined) return { start, items };
    } else if (this.char === '{') {
      this.at += 1;
      const members = this.members();
      if (members !== undefined) return { start, members };
    } else return undefined;
    this.at = start;
    return undefined;
  }

  private members(): Map<string, WrittenValue> | undefined {
    const members = new Map<string, WrittenValue>();
    for (;;) {
      this.skipTrivia();
      if (this.char === '}') {
        this.at += 1;
        return members;
      }
      if (!this.member(members)) return undefined;
      if (this.char === ',') this.at += 1;
    }
  }

  private member(members: Map<string, WrittenValue>): boolean {
    if (this.text.startsWith('...', this.at)) return this.skipRest();
    memberKey.lastIndex = this.at;
    const match = memberKey.exec(this.text);
    if (match === null) return false;
    const start = this.at;
    this.at = memberKey.lastIndex;
    const key = match[1] ?? match[2] ?? match[3] ?? match[4] ?? '';
    this.skipTrivia();
    if (this.char === ',' || this.char === '}') {
      members.set(key, { start });
      return true;
    }
    if (this.char !== ':') return false;
    this.at += 1;
    const value = this.value();
    if (value !== undefined) members.set(key, value);
    return value !== undefined;
  }

  /** Skips to the comma or bracket that ends the value. */
  private skipRest(): boolean {
    while (this.at < this.text.length) {
      this.skipTrivia();
      const { char } = this;
      if (char === ',' || char === ')' || char === ']' || char === '}') return true;
      if (!this.skipOne(char)) return false;
    }
    return false;
  }

  private skipOne(char: string): boolean {
    if (char === '"' || char === "'" || char === '`') return this.skipText(char);
    const closer = closers[char];
    this.at += 1;
    return closer === undefined ? true : this.skipTo(closer);
  }

  private skipTo(closer: string): boolean {
    while (this.at < this.text.length) {
      this.skipTrivia();
      const { char } = this;
      if (char === closer) {
        this.at += 1;
        return true;
      }
      if (char === ')' || char === ']' || char === '}' || char === '' || !this.skipOne(char)) return false;
    }
    return false;
  }

  private skipText(mark: string): boolean {
    this.at += 1;
    while (this.at < this.text.length) {
      const { char } = this;
      if (char === '\\') this.at += 2;
      else if (char === mark) {
        this.at += 1;
        return true;
      } else if (mark === '`' && this.text.startsWith('${', this.at)) {
        this.at += 2;
        if (!this.skipTo('}')) return false;
      } else this.at += 1;
    }
    return false;
  }
}
