import { describe, expect, it } from 'vitest';
import { parseTemplate } from './template.js';

describe('parseTemplate', () => {
  it('finds the expressions of a text and where they begin', () => {
    expect(parseTemplate('a ${{ x }} b ${{y}}').parts).toEqual([
      { kind: 'text', text: 'a ' },
      { kind: 'expression', source: 'x', offset: 6 },
      { kind: 'text', text: ' b ' },
      { kind: 'expression', source: 'y', offset: 16 },
    ]);
  });

  it('says when the whole text is one expression', () => {
    expect(parseTemplate('${{ params.city }}').single).toBe('params.city');
    expect(parseTemplate('${{ a }}${{ b }}').single).toBeUndefined();
    expect(parseTemplate(' ${{ a }}').single).toBeUndefined();
    expect(parseTemplate('plain').single).toBeUndefined();
  });

  it('is not misled by braces inside of strings and maps', () => {
    expect(parseTemplate(`\${{ "}}" + '}' + {"a": {"b": 1}}.a }}!`).parts).toEqual([
      { kind: 'expression', source: `"}}" + '}' + {"a": {"b": 1}}.a`, offset: 4 },
      { kind: 'text', text: '!' },
    ]);
    expect(parseTemplate('${{ """a "}} b""" }}').single).toBe('"""a "}} b"""');
    expect(parseTemplate('${{ "\\"}}" }}').single).toBe('"\\"}}"');
  });

  it('leaves escaped placeholders and lone signs alone', () => {
    expect(parseTemplate('$${{ x }} $5 ${y} {{z}}').parts).toEqual([{ kind: 'text', text: '${{ x }} $5 ${y} {{z}}' }]);
    expect(parseTemplate('').parts).toEqual([]);
  });

  it.each([
    ['a ${{ x', 'expression.unclosed', 2],
    ['a ${{ x }', 'expression.unclosed', 2],
    ['${{ }}', 'expression.empty', 3],
    [`\${{ ${'x'.repeat(5000)} }}`, 'expression.too_long', 4],
  ])('refuses %j', (text, code, offset) => {
    expect(() => parseTemplate(text)).toThrow(expect.objectContaining({ code, offset }));
  });
});
