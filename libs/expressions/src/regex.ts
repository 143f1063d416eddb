/**
 * Regular expressions in the syntax of RE2 (which CEL prescribes), run as a set of states: time is the length of the
 * text times the size of the pattern, whatever the pattern. JavaScript's own engine backtracks and can be made to run
 * for years by `(a+)+$`.
 */
import { Meter } from './limits.js';
import { badPattern, type CharTest, isWord, type Node, PatternParser } from './regex-parser.js';

/** Longest pattern, and most states that it may become. */
const maxPatternLength = 1000;
const maxStates = 4000;

type State =
  | { readonly kind: 'char'; readonly test: CharTest; next: number }
  | { readonly kind: 'split'; next: number; other: number }
  | { readonly kind: 'assert'; readonly at: Extract<Node, { kind: 'assert' }>['at']; next: number }
  | { readonly kind: 'match' };

/** Thompson's construction; the last state added by `add` continues at `next`. */
class Program {
  readonly states: State[] = [{ kind: 'match' }];
  readonly start: number;

  constructor(node: Node) {
    this.start = this.add(node, 0);
  }

  private push(state: State): number {
    if (this.states.length >= maxStates) throw badPattern('it is too big');
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
  if (pattern.length > maxPatternLength) throw badPattern(`it is longer than ${maxPatternLength} characters`);
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
export function linearRegExp(pattern: string): { test(text: string): boolean; toString(): string } {
  const regex = compileRegex(pattern);
  // Ajv tells the patterns of a schema apart by their text: without it the first would stand for all.
  return { test: (text) => regex.test(text, new Meter()), toString: () => `/${pattern}/` };
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
