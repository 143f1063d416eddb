import type { CaseResult, RehearseResult } from '../rehearse.js';
import { passed } from '../rehearse.js';
import { sentencesOf } from './sentences.js';

/** The result as JUnit XML, as CI servers read it. */
export function junitXml({ cases, problems, ms }: RehearseResult): string {
  const byFile = new Map<string, CaseResult[]>();
  for (const one of cases) byFile.set(one.file, [...(byFile.get(one.file) ?? []), one]);
  const suites = [...byFile].map(([file, of]) => suite(file, of));
  if (problems.length > 0) {
    const text = problems.map((one) => `${one.file ?? ''}:${one.line ?? 0}: ${one.message}`).join('\n');
    suites.push(
      `  <testsuite name="bundle" tests="1" failures="0" errors="1" time="0"><testcase name="compiles" classname="bundle"><error message="${escape(problems[0]?.message ?? '')}">${escape(text)}</error></testcase></testsuite>`,
    );
  }
  const failed = cases.filter((one) => one.findings.length > 0).length;
  const broken = cases.filter((one) => one.error !== undefined).length + (problems.length > 0 ? 1 : 0);
  const total = cases.length + (problems.length > 0 ? 1 : 0);
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="${total}" failures="${failed}" errors="${broken}" time="${seconds(ms)}">
${suites.join('\n')}
</testsuites>
`;
}

function suite(file: string, cases: readonly CaseResult[]): string {
  const failed = cases.filter((one) => one.findings.length > 0).length;
  const broken = cases.filter((one) => one.error !== undefined).length;
  const time = cases.reduce((sum, one) => sum + one.ms, 0);
  return `  <testsuite name="${escape(file)}" tests="${cases.length}" failures="${failed}" errors="${broken}" time="${seconds(time)}">
${cases.map(testCase).join('\n')}
  </testsuite>`;
}

function testCase(one: CaseResult): string {
  const head = `    <testcase name="${escape(one.name)}" classname="${escape(one.pipeline)}" file="${escape(one.file)}" line="${one.line}" time="${seconds(one.ms)}"`;
  if (passed(one)) return `${head}/>`;
  const kind = one.error === undefined ? 'failure' : 'error';
  const sentences = sentencesOf(one);
  const message = sentences[0]?.text ?? '';
  const text = sentences.flatMap(({ place, text: said, lines }) => [`${place}: ${said}`, ...lines]).join('\n');
  return `${head}>
      <${kind} message="${escape(message)}">${escape(text)}</${kind}>
    </testcase>`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** XML 1.0 has no control characters, not even escaped ones. */
function escape(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
    .replace(/[&<>"']/g, (char) => entities[char] ?? char);
}
