import type { Json } from '@millrace/kernel';
import type { CaseResult } from '../rehearse.js';
import type { Difference } from '../suite/difference.js';

/** One thing that is wrong with a case, in words. */
export interface Sentence {
  /** `file:line:column` of the expectation, or of the case. */
  readonly place: string;
  readonly text: string;
  /** More about it: the differences, or a hint. */
  readonly lines: readonly string[];
}

const maxValueLength = 200;

/** What is wrong with a case; nothing where it passed. */
export function sentencesOf({ file, line, findings, error }: CaseResult): Sentence[] {
  if (error !== undefined) {
    const hint = error.hint === undefined ? [] : [error.hint];
    return [{ place: `${file}:${line}`, text: error.message, lines: hint }];
  }
  return findings.map((finding) => ({
    place: `${file}:${finding.line}:${finding.column}`,
    text: finding.message,
    lines: finding.differences.flatMap(differenceLines),
  }));
}

function differenceLines({ path, expected, actual }: Difference): string[] {
  const at = path === '' ? '' : `${path}: `;
  return [`- ${at}${shown(expected)}`, `+ ${at}${shown(actual)}`];
}

function shown(value: Json | undefined): string {
  if (value === undefined) return '(nothing)';
  const text = JSON.stringify(value);
  return text.length > maxValueLength ? `${text.slice(0, maxValueLength)}…` : text;
}
