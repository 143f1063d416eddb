import type { CaseResult, RehearseResult } from '../rehearse.js';
import { passed } from '../rehearse.js';
import { sentencesOf } from './sentences.js';

/** How parts of a line look; the identity where there are no colours. */
export interface ReportStyle {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly faint: (text: string) => string;
}

export const plainStyle: ReportStyle = { good: (text) => text, bad: (text) => text, faint: (text) => text };

/** One case as lines for the terminal. */
export function caseLines(result: CaseResult, style: ReportStyle): string[] {
  const { good, bad, faint } = style;
  if (passed(result))
    return [`${good('✓')} ${result.pipeline}: ${result.name} ${faint(`${Math.round(result.ms)} ms`)}`];
  const lines = sentencesOf(result).flatMap(({ place, text, lines: more }) => [
    `    ${faint(place)} ${text}`,
    ...more.map((line) => `      ${line.startsWith('-') ? good(line) : line.startsWith('+') ? bad(line) : line}`),
  ]);
  return [`${bad('✗')} ${result.pipeline}: ${result.name}`, ...lines];
}

/** The last line: how many cases passed, and how long everything took. */
export function summaryLine({ cases, problems, ms }: RehearseResult, style: ReportStyle): string {
  const failed = cases.filter((one) => !passed(one)).length;
  const took = style.faint(`in ${(ms / 1000).toFixed(2)} s`);
  if (problems.length > 0)
    return `${style.bad('nothing was rehearsed')}: the bundle or its tests have mistakes ${took}`;
  if (cases.length === 0) return `${style.bad('no cases')}: test files are called <name>.test.yaml ${took}`;
  const count = `${cases.length} ${cases.length === 1 ? 'case' : 'cases'}`;
  return failed === 0
    ? `${style.good(`${count} passed`)} ${took}`
    : `${style.bad(`${failed} of ${count} failed`)} ${took}`;
}
