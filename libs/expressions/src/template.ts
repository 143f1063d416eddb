import { ExpressionError } from './errors.js';
import { maxExpressionLength, maxTemplateLength } from './limits.js';

export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'expression';
      /** The expression without `${{`, `}}` and the white space around it. */
      readonly source: string;
      /** Offset of `source` in the template. */
      readonly offset: number;
    };

export interface Template {
  readonly parts: readonly TemplatePart[];
  /** The expression where the whole text is one placeholder: then the value keeps its type. */
  readonly single?: string;
}

/** Index of the `}}` that ends the expression: not one inside a string or that closes a map of the expression. */
function findEnd(text: string, from: number): number {
  let braces = 0;
  let i = from;
  while (i < text.length) {
    const ch = text.charAt(i);
    if (ch === '"' || ch === "'") {
      i = skipString(text, i);
      continue;
    }
    if (ch === '{') braces += 1;
    else if (ch === '}') {
      if (braces === 0) return text.charAt(i + 1) === '}' ? i : -1;
      braces -= 1;
    }
    i += 1;
  }
  return -1;
}

function skipString(text: string, at: number): number {
  const mark = text.charAt(at);
  const fence = text.startsWith(mark.repeat(3), at) ? mark.repeat(3) : mark;
  let i = at + fence.length;
  while (i < text.length) {
    if (text.startsWith(fence, i)) return i + fence.length;
    i += text.charAt(i) === '\\' ? 2 : 1;
  }
  return text.length;
}

/**
 * Takes a text with placeholders `${{ … }}` apart. `$${{` stands for a literal `${{`. Throws `expression.unclosed`,
 * `expression.empty` or `expression.too_long` with the offset.
 */
export function parseTemplate(text: string): Template {
  if (text.length > maxTemplateLength) {
    throw new ExpressionError('expression.too_long', `the text is longer than ${maxTemplateLength} characters`, 0);
  }
  const parts: TemplatePart[] = [];
  let literal = '';
  let i = 0;
  for (;;) {
    const open = text.indexOf('${{', i);
    if (open < 0) break;
    if (open > i && text.charAt(open - 1) === '$') {
      literal += `${text.slice(i, open - 1)}\${{`;
      i = open + 3;
      continue;
    }
    literal += text.slice(i, open);
    const end = findEnd(text, open + 3);
    if (end < 0) {
      throw new ExpressionError(
        'expression.unclosed',
        'the expression that begins with "${{" does not end with "}}"',
        open,
        'close it with "}}", or write "$${{" for the characters themselves',
      );
    }
    if (literal !== '') parts.push({ kind: 'text', text: literal });
    literal = '';
    parts.push(expressionPart(text.slice(open + 3, end), open + 3));
    i = end + 2;
  }
  literal += text.slice(i);
  if (literal !== '') parts.push({ kind: 'text', text: literal });
  const [first] = parts;
  return parts.length === 1 && first?.kind === 'expression' ? { parts, single: first.source } : { parts };
}

function expressionPart(inner: string, at: number): TemplatePart {
  const source = inner.trim();
  const offset = at + (inner.length - inner.trimStart().length);
  if (source === '') throw new ExpressionError('expression.empty', 'the expression is empty', at);
  if (source.length > maxExpressionLength) {
    throw new ExpressionError(
      'expression.too_long',
      `the expression has ${source.length} characters, at most ${maxExpressionLength} are allowed`,
      offset,
    );
  }
  return { kind: 'expression', source, offset };
}
