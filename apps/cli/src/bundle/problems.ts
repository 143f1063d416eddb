import { type ProblemPlace } from '@millrace/clients';
import { count } from '../terminal/format.js';
import type { Output } from '../terminal/output.js';
import { forTerminal } from '../terminal/style.js';

/** Gives the text of a file of the bundle, where there is one. */
export type ReadSource = (file: string) => string | undefined;

const contextLines = 1;
const maxLine = 200;

/** Prints mistakes as compilers do: place, code, sentence, the source and a hint. */
export function printProblems(output: Output, problems: readonly ProblemPlace[], read: ReadSource): void {
  const { style } = output;
  for (const { file, line, column, pointer, code, message, hint } of problems) {
    const place =
      file === undefined
        ? (pointer ?? '')
        : [file, line, line === undefined ? undefined : column].filter((part) => part !== undefined).join(':');
    output.line(`${style.bold(place)}${place === '' ? '' : ': '}${style.red('error')} ${style.dim(code ?? '')}`);
    output.line(`  ${forTerminal(message ?? 'it is wrong')}`);
    for (const text of excerpt(output, file === undefined ? undefined : read(file), line, column)) output.line(text);
    if (hint !== undefined) output.line(`  ${style.cyan('hint:')} ${forTerminal(hint)}`);
    output.line();
  }
  output.line(style.red(count(problems.length, 'mistake')));
}

function excerpt(
  { style }: Output,
  source: string | undefined,
  line: number | undefined,
  column: number | undefined,
): readonly string[] {
  if (source === undefined || line === undefined) return [];
  const lines = source.split(/\r\n|\n|\r/);
  const from = Math.max(1, line - contextLines);
  const to = Math.min(lines.length, line + contextLines);
  const gutter = String(to).length;
  const result: string[] = [];
  for (let number = from; number <= to; number += 1) {
    const text = forTerminal((lines[number - 1] ?? '').replaceAll('\t', ' ')).slice(0, maxLine);
    result.push(style.dim(`  ${String(number).padStart(gutter)} | `) + text);
    if (number === line && column !== undefined && column <= maxLine) {
      result.push(style.dim(`  ${' '.repeat(gutter)} | `) + ' '.repeat(column - 1) + style.red('^'));
    }
  }
  return result;
}
