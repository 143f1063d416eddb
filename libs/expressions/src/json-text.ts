/**
 * A walker over JSON text that works on spans: nothing goes through JavaScript numbers, so `2.0`, `1152921504606846977`
 * and `1e400` keep their digits. It finds where values begin and end; it trusts that the text as a whole is JSON, and
 * on a text that is not it throws or gives a span of it, never more.
 */
import { ExpressionError } from './errors.js';
import type { Meter } from './limits.js';

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Memory that one member of a walked list or object takes, in bytes. */
const spanBytes = 96;

function notJson(what: string): ExpressionError {
  return new ExpressionError('expression.not_json', `the value is not JSON: ${what}`);
}

/** A value inside a JSON text: `text.slice(start, end)`, without white space around it. */
export interface JsonSpan {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function skipSpace(text: string, at: number): number {
  let i = at;
  while (i < text.length && isSpace(text.charCodeAt(i))) i += 1;
  return i;
}

/** Offset after the string that begins at `at`. */
function skipString(text: string, at: number): number {
  let from = at + 1;
  for (;;) {
    const end = text.indexOf('"', from);
    if (end < 0) throw notJson('a string does not end');
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === backslash && end - 1 - slashes > at) slashes += 1;
    if (slashes % 2 === 0) return end + 1;
    from = end + 1;
  }
}

function skipContainer(text: string, at: number): number {
  let depth = 0;
  let i = at;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (code === quote) {
      i = skipString(text, i);
      continue;
    }
    if (code === openBrace || code === openBracket) depth += 1;
    else if (code === closeBrace || code === closeBracket) {
      depth -= 1;
      if (depth === 0) return i + 1;
    }
    i += 1;
  }
  throw notJson('a list or an object does not end');
}

function isScalarEnd(code: number): boolean {
  return code === comma || code === closeBracket || code === closeBrace || code === colon || isSpace(code);
}

/** Offset after the value that begins at `at`. */
function skipValue(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code === quote) return skipString(text, at);
  if (code === openBrace || code === openBracket) return skipContainer(text, at);
  let i = at;
  while (i < text.length && !isScalarEnd(text.charCodeAt(i))) i += 1;
  if (i === at) throw notJson(`a value is missing at character ${at + 1}`);
  return i;
}

/** The one value of a JSON text. */
export function rootSpan(text: string): JsonSpan {
  const start = skipSpace(text, 0);
  const end = skipValue(text, start);
  if (skipSpace(text, end) !== text.length) throw notJson(`something follows the value at character ${end + 1}`);
  return { text, start, end };
}

export type SpanKind = 'object' | 'list' | 'string' | 'number' | 'true' | 'false' | 'null';

/** What the value is, judged by its first character. */
export function spanKind(span: JsonSpan): SpanKind {
  switch (span.text.charCodeAt(span.start)) {
    case openBrace:
      return 'object';
    case openBracket:
      return 'list';
    case quote:
      return 'string';
    case 0x74:
      return 'true';
    case 0x66:
      return 'false';
    case 0x6e:
      return 'null';
    default:
      return 'number';
  }
}

export function spanText(span: JsonSpan): string {
  return span.start === 0 && span.end === span.text.length ? span.text : span.text.slice(span.start, span.end);
}

/** The characters of a JSON string value. */
export function spanString(span: JsonSpan): string {
  const inner = span.text.slice(span.start + 1, span.end - 1);
  if (!inner.includes('\\')) return inner;
  try {
    return JSON.parse(span.text.slice(span.start, span.end)) as string;
  } catch {
    throw notJson('a string has a wrong escape');
  }
}

/** The elements of a list, in order. */
export function listElements(span: JsonSpan, meter?: Meter): JsonSpan[] {
  const { text } = span;
  meter?.read(span.end - span.start);
  const elements: JsonSpan[] = [];
  let i = skipSpace(text, span.start + 1);
  if (text.charCodeAt(i) === closeBracket) return elements;
  for (;;) {
    const end = skipValue(text, i);
    meter?.allocate(spanBytes);
    elements.push({ text, start: i, end });
    i = skipSpace(text, end);
    const code = text.charCodeAt(i);
    if (code === closeBracket) return elements;
    if (code !== comma) throw notJson(`"," or "]" is missing at character ${i + 1}`);
    i = skipSpace(text, i + 1);
  }
}

/** The members of an object; of a repeated key the last one counts, as in JSON.parse, and `onRepeat` is told. */
export function objectMembers(
  span: JsonSpan,
  meter?: Meter,
  onRepeat?: (key: string, value: JsonSpan) => void,
): Map<string, JsonSpan> {
  const { text } = span;
  meter?.read(span.end - span.start);
  const members = new Map<string, JsonSpan>();
  let i = skipSpace(text, span.start + 1);
  if (text.charCodeAt(i) === closeBrace) return members;
  for (;;) {
    if (text.charCodeAt(i) !== quote) throw notJson(`a key is missing at character ${i + 1}`);
    const keyEnd = skipString(text, i);
    meter?.allocate(spanBytes + 2 * (keyEnd - i));
    const key = spanString({ text, start: i, end: keyEnd });
    i = skipSpace(text, keyEnd);
    if (text.charCodeAt(i) !== colon) throw notJson(`":" is missing at character ${i + 1}`);
    i = skipSpace(text, i + 1);
    const end = skipValue(text, i);
    if (onRepeat !== undefined && members.has(key)) onRepeat(key, { text, start: i, end });
    members.set(key, { text, start: i, end });
    i = skipSpace(text, end);
    const code = text.charCodeAt(i);
    if (code === closeBrace) return members;
    if (code !== comma) throw notJson(`"," or "}" is missing at character ${i + 1}`);
    i = skipSpace(text, i + 1);
  }
}

function listSpan(jsonText: string): JsonSpan {
  const span = rootSpan(jsonText);
  if (spanKind(span) !== 'list') {
    throw new ExpressionError('expression.not_a_list', `expected a list, got ${describe(span)}`);
  }
  return span;
}

function describe(span: JsonSpan): string {
  const kind = spanKind(span);
  return kind === 'true' || kind === 'false' ? 'a boolean' : kind === 'null' ? 'null' : `a ${kind}`;
}

/** Number of elements of the list; throws `expression.not_a_list` on anything else. */
export function listLength(jsonText: string): number {
  return countElements(listSpan(jsonText));
}

function countElements(span: JsonSpan): number {
  const { text } = span;
  let i = skipSpace(text, span.start + 1);
  if (text.charCodeAt(i) === closeBracket) return 0;
  let count = 0;
  for (;;) {
    i = skipSpace(text, skipValue(text, i));
    count += 1;
    const code = text.charCodeAt(i);
    if (code === closeBracket) return count;
    if (code !== comma) throw notJson(`"," or "]" is missing at character ${i + 1}`);
    i = skipSpace(text, i + 1);
  }
}

/** JSON text of one element, to the character; throws `expression.out_of_range` past the end. */
export function listItem(jsonText: string, index: number): string {
  const span = listSpan(jsonText);
  const { text } = span;
  let i = skipSpace(text, span.start + 1);
  if (text.charCodeAt(i) !== closeBracket) {
    for (let at = 0; ; at += 1) {
      const end = skipValue(text, i);
      if (at === index) return text.slice(i, end);
      i = skipSpace(text, end);
      const code = text.charCodeAt(i);
      if (code === closeBracket) break;
      if (code !== comma) throw notJson(`"," or "]" is missing at character ${i + 1}`);
      i = skipSpace(text, i + 1);
    }
  }
  throw new ExpressionError('expression.out_of_range', `the list has no element ${index}`);
}
