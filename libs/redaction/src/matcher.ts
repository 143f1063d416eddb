/** Length of the key under which patterns are found; no pattern is shorter. */
const keyLength = 4;

/** What stands at one place of a text: the length of the longest pattern, and whether a longer one may still be coming. */
export interface MatchAt {
  readonly length: number;
  readonly undecided: boolean;
}

const nothing: MatchAt = { length: 0, undecided: false };

/**
 * Finds patterns by their first four characters. Its memory is that of the patterns, and a place where none begins
 * costs one look into a bit table.
 */
export class Matcher {
  private readonly byKey = new Map<string, string[]>();
  private readonly starts = new Uint8Array(1 << 16);
  /** Length of the longest pattern; 0 without patterns. */
  readonly longest: number;

  constructor(patterns: Iterable<string>) {
    let longest = 0;
    for (const pattern of patterns) {
      const key = pattern.slice(0, keyLength);
      const group = this.byKey.get(key);
      if (group === undefined) this.byKey.set(key, [pattern]);
      else group.push(pattern);
      this.starts[hash(pattern.charCodeAt(0), pattern.charCodeAt(1))] = 1;
      longest = Math.max(longest, pattern.length);
    }
    for (const group of this.byKey.values()) group.sort((a, b) => b.length - a.length);
    this.longest = longest;
  }

  /** Looks at one place. `complete` says that nothing follows the text, so that nothing is undecided. */
  at(text: string, index: number, complete: boolean): MatchAt {
    const available = text.length - index;
    if (available < keyLength) {
      return !complete && this.mayBegin(text.slice(index)) ? { length: 0, undecided: true } : nothing;
    }
    if (this.starts[hash(text.charCodeAt(index), text.charCodeAt(index + 1))] === 0) return nothing;
    const group = this.byKey.get(text.slice(index, index + keyLength));
    if (group === undefined) return nothing;
    let undecided = false;
    for (const pattern of group) {
      if (pattern.length <= available) {
        if (text.startsWith(pattern, index)) return { length: pattern.length, undecided };
      } else if (!complete && !undecided && pattern.startsWith(text.slice(index))) undecided = true;
    }
    return { length: 0, undecided };
  }

  private mayBegin(start: string): boolean {
    for (const key of this.byKey.keys()) {
      if (key.startsWith(start)) return true;
    }
    return false;
  }
}

function hash(first: number, second: number): number {
  return ((first * 31) ^ (second * 1021)) & 0xffff;
}
