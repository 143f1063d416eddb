import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { redacted, Redactor } from './redactor.js';

const secret = 'p@ss/w0rd "ü" +x';

/** A generator with a seed, so that a failure can be repeated. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

function inPieces(redactor: Redactor, text: string, random: () => number): string {
  const stream = redactor.stream();
  let out = '';
  for (let from = 0; from < text.length;) {
    const to = Math.min(text.length, from + 1 + Math.floor(random() * 7));
    out += stream.write(text.slice(from, to));
    from = to;
  }
  return out + stream.end();
}

describe('Redactor', () => {
  const redactor = new Redactor([secret]);

  it.each([
    ['as it is', secret],
    ['in hex', Buffer.from(secret).toString('hex')],
    ['in upper-case hex', Buffer.from(secret).toString('hex').toUpperCase()],
    ['URL-encoded', encodeURIComponent(secret)],
    ['as a form field', new URLSearchParams({ a: secret }).toString().slice(2)],
    ['JSON-escaped', JSON.stringify(secret).slice(1, -1)],
    ['JSON-escaped in ASCII', 'p@ss/w0rd \\"\\u00fc\\" +x'],
    ['JSON-escaped with slashes', 'p@ss\\/w0rd \\"ü\\" +x'],
  ])('finds a secret %s', (_form, text) => {
    expect(redactor.redact(`before ${text} after`)).toBe(`before ${redacted} after`);
  });

  it.each([0, 1, 2])('finds it in base64 after %i other bytes, and in base64url', (before) => {
    const bytes = Buffer.concat([Buffer.alloc(before, 'x'), Buffer.from(secret), Buffer.from('yz')]);
    for (const encoding of ['base64', 'base64url'] as const) {
      const out = redactor.redact(bytes.toString(encoding));
      expect(out).toContain(redacted);
      // The characters around it also hold bits of the neighbours; none of the secret's whole bytes is left.
      expect(out.replace(redacted, '').replaceAll('=', '').length).toBeLessThanOrEqual(9);
    }
  });

  it('finds it across the edges of chunks', () => {
    const random = seeded(7);
    for (let round = 0; round < 300; round += 1) {
      const text = `${'a'.repeat(Math.floor(random() * 5))}${secret}p@ss${secret}${secret.slice(0, 9)}`;
      expect(inPieces(redactor, text, random)).toBe(redactor.redact(text));
      expect(inPieces(redactor, text, random)).not.toContain(secret);
    }
  });

  it('gives the same for every way of cutting, with many secrets that overlap', () => {
    const random = seeded(11);
    const many = new Redactor(['abcdef', 'defghi', 'ghij', 'aaaa', 'aaaabbbb', 'bbbbcccc']);
    for (let round = 0; round < 2_000; round += 1) {
      const text = Array.from({ length: 40 }, () => 'abcdefghij'.charAt(Math.floor(random() ** 2 * 10))).join('');
      const whole = many.redact(text);
      expect(inPieces(many, text, random)).toBe(whole);
      for (const one of ['abcdef', 'defghi', 'ghij', 'aaaa', 'aaaabbbb']) expect(whole).not.toContain(one);
    }
    expect(many.redact('xabcdefghijx')).toBe(`x${redacted}x`);
  });

  it('finds the lines of a secret of several lines, and a long one in its pieces', () => {
    const key = `-----BEGIN KEY-----\n${randomBytes(48).toString('base64')}\n${randomBytes(48).toString('base64')}\n-----END KEY-----\n`;
    const line = key.split('\n')[1] ?? '';
    expect(new Redactor([key]).redact(`got ${line}!`)).toBe(`got ${redacted}!`);
    expect(new Redactor([key]).redact(`<${key}>`)).toBe(`<${redacted}>`);

    const long = randomBytes(3_001).toString('base64url');
    const seeker = new Redactor([long]);
    expect(seeker.redact(`<${long}>`)).toBe(`<${redacted}>`);
    const wrapped = Buffer.from(long).toString('base64').replace(/.{76}/g, '$&\n');
    expect(seeker.redact(wrapped).replaceAll(redacted, '').replaceAll('\n', '').length).toBeLessThan(16);
  });

  it('leaves JSON valid, and what holds no secret as it is to the byte', () => {
    const numbers = new Redactor(['12345678', 'hunter2!']);
    const text =
      '{ "a" : 2.0, "b": 123456789, "hunter2!": ["\\u0068unter2!", "plain\\u0041"], "big": 1152921504606846977 }';
    const clean = numbers.redactJson(text);
    expect(clean).toBe(
      `{ "a" : 2.0, "b": "${redacted}9", "${redacted}": ["${redacted}", "plain\\u0041"], "big": 1152921504606846977 }`,
    );
    expect(() => void JSON.parse(clean)).not.toThrow();
  });

  it('does not look for secrets that are too short, and passes everything through without any', () => {
    const short = new Redactor(['abc', '']);
    expect(short.empty).toBe(true);
    expect(short.redact('abc abc')).toBe('abc abc');
  });

  it('keeps up with a log of tens of megabytes', () => {
    const text = `${'2026-11-24T08:00:00Z INFO loaded 1000 rows in 12 ms from warehouse\n'.repeat(1_000)}`;
    const seeker = new Redactor(Array.from({ length: 20 }, () => randomBytes(24).toString('base64')));
    const begun = performance.now();
    const stream = seeker.stream();
    let length = 0;
    for (let i = 0; i < 100; i += 1) length += stream.write(text).length;
    length += stream.end().length;
    expect(length).toBe(text.length * 100);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});
