import { describe, expect, it } from 'vitest';
import {
  listElements,
  listItem,
  listLength,
  objectMembers,
  rootSpan,
  spanKind,
  spanString,
  spanText,
  type JsonSpan,
} from './json-text.js';

/** Deterministic pseudo-random numbers (mulberry32), so that a failure can be repeated. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const fragments = [
  '',
  'a',
  '"',
  '\\',
  '\\"',
  '}',
  ']',
  '{"a":[',
  ',',
  ':',
  '\n',
  '\u2028',
  'é',
  '😀',
  '\ud83d',
  '\\u0041',
  ' ',
  '/',
];

class Generator {
  constructor(private readonly random: () => number) {}

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.random() * items.length)] as T;
  }

  text(): string {
    return Array.from({ length: Math.floor(this.random() * 6) }, () => this.pick(fragments)).join('');
  }

  value(depth: number): unknown {
    const kind = this.random();
    if (depth === 0 || kind < 0.4)
      return this.pick([null, true, false, 0, -1.5, 1e21, 123456, this.text(), this.text()]);
    const size = Math.floor(this.random() * 4);
    if (kind < 0.7) return Array.from({ length: size }, () => this.value(depth - 1));
    return Object.fromEntries(Array.from({ length: size }, () => [this.text(), this.value(depth - 1)]));
  }

  /** JSON text of a value with white space where JSON allows it and strings escaped in either way. */
  print(value: unknown): string {
    const space = () => this.pick(['', '', ' ', '\n', '\t\r\n ']);
    if (Array.isArray(value)) {
      return `${space()}[${space()}${value.map((item) => this.print(item)).join(',')}${space()}]${space()}`;
    }
    if (typeof value === 'object' && value !== null) {
      const members = Object.entries(value).map(
        ([key, member]) => `${space()}${this.print(key)}:${this.print(member)}`,
      );
      return `${space()}{${members.join(',')}${space()}}${space()}`;
    }
    if (typeof value !== 'string') return `${space()}${JSON.stringify(value)}${space()}`;
    const escaped = this.random() < 0.5 ? JSON.stringify(value) : `"${[...value].map(unicodeEscape).join('')}"`;
    return `${space()}${escaped}${space()}`;
  }
}

function unicodeEscape(ch: string): string {
  return Array.from({ length: ch.length }, (_, i) => `\\u${ch.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
}

/** The value read through spans alone. */
function walk(span: JsonSpan): unknown {
  switch (spanKind(span)) {
    case 'list':
      return listElements(span).map(walk);
    case 'object':
      return Object.fromEntries([...objectMembers(span)].map(([key, member]) => [key, walk(member)]));
    case 'string':
      return spanString(span);
    default:
      return JSON.parse(spanText(span)) as unknown;
  }
}

describe('the walker over JSON text', () => {
  it('reads what JSON.parse reads, whatever the spaces, escapes and nesting', () => {
    for (let seed = 1; seed <= 3000; seed += 1) {
      const generator = new Generator(randomOf(seed));
      const text = generator.print(generator.value(4));
      const expected = JSON.parse(text) as unknown;

      expect(walk(rootSpan(text)), `seed ${seed}: ${text}`).toEqual(expected);
      if (Array.isArray(expected)) {
        expect(listLength(text)).toBe(expected.length);
        expected.forEach((item, index) => expect(JSON.parse(listItem(text, index))).toEqual(item));
      }
    }
  });

  it('gives every cut-off text an error or a span of it, and never runs on', () => {
    const text = '{"a": [1, {"b\\"": "x\\\\"}, [[], null]], "c": 1e400}';
    for (let end = 0; end < text.length; end += 1) {
      expect(() => walk(rootSpan(text.slice(0, end))), text.slice(0, end)).toThrow();
    }
  });

  it('keeps the digits of numbers that JavaScript cannot hold', () => {
    const list = '[2.0, 1152921504606846977, 1e400, -0.0, 0.10000000000000000001]';

    expect([0, 1, 2, 3, 4].map((index) => listItem(list, index))).toEqual([
      '2.0',
      '1152921504606846977',
      '1e400',
      '-0.0',
      '0.10000000000000000001',
    ]);
  });

  it('refuses what is no list and what is past the end', () => {
    expect(() => listLength('{"a": 1}')).toThrow(expect.objectContaining({ code: 'expression.not_a_list' }));
    expect(() => listItem('[1]', 1)).toThrow(expect.objectContaining({ code: 'expression.out_of_range' }));
    expect(() => listItem('[]', 0)).toThrow(expect.objectContaining({ code: 'expression.out_of_range' }));
    expect(() => listLength('[1 2]')).toThrow(expect.objectContaining({ code: 'expression.not_json' }));
    expect(() => listLength('[1] x')).toThrow(expect.objectContaining({ code: 'expression.not_json' }));
  });

  it('takes the last of repeated keys and tells of it', () => {
    const repeated: string[] = [];
    const members = objectMembers(rootSpan('{"a":1,"b":2,"a":3}'), undefined, (key) => repeated.push(key));

    expect([...members].map(([key, span]) => [key, spanText(span)])).toEqual([
      ['a', '3'],
      ['b', '2'],
    ]);
    expect(repeated).toEqual(['a']);
  });
});
