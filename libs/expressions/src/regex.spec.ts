import { describe, expect, it } from 'vitest';
import { Meter } from './limits.js';
import { compileRegex } from './regex.js';

function test(pattern: string, text: string): boolean {
  return compileRegex(pattern).test(text, new Meter());
}

const patterns = [
  'a',
  'a|b',
  'ab*c',
  '^a',
  'a$',
  '^$',
  '(a|b)+c',
  '[a-c]+',
  '[^a-c]',
  '[a-]',
  '\\d{2,3}',
  '\\d{2}',
  '\\d{2,}',
  'a?b',
  '(?:ab)?c',
  '\\w+@\\w+\\.com',
  '\\bfoo\\b',
  '\\Bo',
  'x{0}y',
  '(a*)*b',
  '(a|ab)(c|bcd)(d*)',
  '\\.',
  '\\\\',
  '\\x41',
  '.',
  'a.c',
  '[\\d_]+$',
  '(a+?)b',
  'é',
  '[é-ü]',
  '\\s\\S',
  '[\\w-]+',
  'a||b',
  '()',
  'x*',
  '[a-z]{1,3}[0-9]?',
];
const texts = [
  '',
  'a',
  'b',
  'ab',
  'abc',
  'abbbc',
  'aaab',
  'c',
  'xyz',
  ']',
  '-',
  '12',
  '123',
  '1234',
  'me@x.com',
  'a foo b',
  'food',
  'y',
  'xy',
  'abcd',
  '.',
  '\\',
  'A',
  'a\nc',
  'axc',
  'aaaa',
  'é',
  'ö',
  ' x',
  '_9',
  'abc1',
  '😀',
  'a😀c',
  'foo',
  'o',
];

describe('the linear engine', () => {
  it('agrees with RegExp where both know the syntax', () => {
    for (const pattern of patterns) {
      for (const text of texts) {
        expect(test(pattern, text), `/${pattern}/ on ${JSON.stringify(text)}`).toBe(
          new RegExp(pattern, 'u').test(text),
        );
      }
    }
  });

  it('knows the flags and classes of RE2', () => {
    expect(test('(?i)HeLLo', 'hello')).toBe(true);
    expect(test('(?i:h)ello', 'Hello')).toBe(true);
    expect(test('(?i:h)ello', 'HELLO')).toBe(false);
    expect(test('(?s)a.c', 'a\nc')).toBe(true);
    expect(test('(?m)^b$', 'a\nb\nc')).toBe(true);
    expect(test('^b$', 'a\nb\nc')).toBe(false);
    expect(test('[[:alpha:]]+[[:digit:]]', 'ab1')).toBe(true);
    expect(test('^[[:^alpha:]]$', 'a')).toBe(false);
    expect(test('(?P<year>\\d{4})', 'in 2024')).toBe(true);
    expect(test('\\Aab\\z', 'ab')).toBe(true);
    expect(test('^[]a]$', ']')).toBe(true);
  });

  it.each(['(a+)+$', '(a|a)*$', '(a|aa)+$', '(.*a){20}$', '([a-zA-Z]+)*$', '(a?){50}a{50}$'])(
    'takes linear time for %s, which makes a backtracking engine run for years',
    (pattern) => {
      const started = performance.now();
      for (const length of [100, 1000, 5000]) test(pattern, `${'a'.repeat(length)}!`);

      expect(performance.now() - started).toBeLessThan(2000);
    },
  );

  it('stops by the meter where pattern and text are both large', () => {
    expect(() => test('(a?){1000}b', 'a'.repeat(100_000))).toThrow(
      expect.objectContaining({ code: 'expression.limit' }),
    );
  });

  it.each([
    '(',
    ')',
    '[a',
    'a{2,1}',
    '*a',
    '+',
    '(?=a)',
    '(?!a)',
    '(?<=a)b',
    '\\1',
    '\\p{L}',
    'a{1001}',
    '(a{100}){100}{10}',
    '[z-a]',
    '[[:nope:]]',
    '\\',
    '('.repeat(200),
    'a'.repeat(1001),
  ])('refuses %s', (pattern) => {
    expect(() => compileRegex(pattern)).toThrow(expect.objectContaining({ code: 'expression.regex' }));
  });
});
