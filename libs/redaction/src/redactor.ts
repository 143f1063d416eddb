import { Matcher } from './matcher.js';
import { patternsOf } from './patterns.js';
import { redactJsonText } from './json.js';

/** What stands where a secret stood. */
export const redacted = '[redacted]';

/** Redacts a text that arrives in pieces: a secret cut by the edge of a piece is found as well. */
export interface RedactionStream {
  /** Gives what is certain by now; the end of the text may be kept back until more has come. */
  write(text: string): string;
  /** Gives the rest. */
  end(): string;
}

/** Takes the given secrets, in all their forms, out of whatever is about to be written. */
export class Redactor {
  private readonly matcher: Matcher;

  constructor(secrets: Iterable<string>) {
    this.matcher = new Matcher(patternsOf(secrets));
  }

  /** True where there is nothing to look for. */
  get empty(): boolean {
    return this.matcher.longest === 0;
  }

  redact(text: string): string {
    if (this.empty) return text;
    const stream = this.stream();
    return stream.write(text) + stream.end();
  }

  /** Redacts JSON text and leaves it JSON: strings are searched as what they mean, whatever their escapes. */
  redactJson(text: string): string {
    return this.empty ? text : redactJsonText(text, (part) => this.redact(part));
  }

  stream(): RedactionStream {
    if (this.empty) return { write: (text) => text, end: () => '' };
    return new MatchingStream(this.matcher);
  }
}

class MatchingStream implements RedactionStream {
  /** Text that has not been given out: from the first place that is undecided, or inside a match. */
  private held = '';
  /** Places of `held` before this belong to a match that has been marked already. */
  private matchedTo = 0;
  /** True where the last thing given out was a mark, so that a match that touches it needs no second one. */
  private marked = false;

  constructor(private readonly matcher: Matcher) {}

  write(text: string): string {
    this.held += text;
    return this.advance(false);
  }

  end(): string {
    return this.advance(true);
  }

  private advance(complete: boolean): string {
    const text = this.held;
    let out = '';
    let plainFrom = Math.min(this.matchedTo, text.length);
    let index = 0;
    let matchedTo = this.matchedTo;
    for (; index < text.length; index += 1) {
      const found = this.matcher.at(text, index, complete);
      if (found.length > 0 && index + found.length > matchedTo) {
        // Only what lies between two matches is plain; overlapping and touching ones are one.
        if (index > matchedTo) {
          out += text.slice(plainFrom, index);
          this.marked = false;
        }
        if (!this.marked) {
          out += redacted;
          this.marked = true;
        }
        matchedTo = index + found.length;
        plainFrom = matchedTo;
      }
      if (found.undecided) break;
    }
    if (index > plainFrom) {
      out += text.slice(plainFrom, index);
      this.marked = false;
    }
    this.held = text.slice(index);
    this.matchedTo = Math.max(0, matchedTo - index);
    return out;
  }
}
