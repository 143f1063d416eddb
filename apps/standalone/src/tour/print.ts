import { type Bar, drawBars } from './bars.js';
import type { AttemptView, RunFacts } from './walk.js';

function bar(attempt: AttemptView): Bar {
  const name = attempt.mapIndex < 0 ? attempt.taskId : `${attempt.taskId}[${attempt.mapIndex}]`;
  const leasedAtMs = Date.parse(attempt.leasedAt);
  const startedAtMs = attempt.startedAt === null ? leasedAtMs : Date.parse(attempt.startedAt);
  return {
    label: attempt.fence > 1 ? `${name} #${attempt.fence}` : name,
    queuedAtMs: attempt.acceptedAt === null ? leasedAtMs : Date.parse(attempt.acceptedAt),
    startedAtMs,
    endedAtMs: attempt.endedAt === null ? startedAtMs : Date.parse(attempt.endedAt),
    note: attempt.state,
  };
}

/** One run as lines for the terminal: the timeline of its attempts, outputs, a log, the cost of each task. */
export function describeRun(facts: RunFacts): string[] {
  const attempts = [...facts.attempts].sort((a, b) =>
    (a.startedAt ?? a.leasedAt).localeCompare(b.startedAt ?? b.leasedAt),
  );
  const longest = Math.max(...facts.cost.tasks.map((task) => task.taskId.length), 5);
  return [
    '',
    `Run ${facts.run.id} (${facts.city}) ${facts.run.state}, ${facts.events} events   ░ waiting  █ running`,
    ...drawBars(attempts.map(bar)),
    '',
    `Output of summarise: ${JSON.stringify(facts.outputs['summarise'])}`,
    `Output of check:     ${JSON.stringify(facts.outputs['check'])}`,
    `Artifacts:           ${facts.artifacts.map((artifact) => `${artifact.name} (${artifact.sizeBytes} bytes)`).join(', ')}`,
    '',
    'Log of summarise:',
    ...facts.log.map((line) => `  ${String(line.seq).padStart(3)} ${line.stream.padEnd(6)} ${line.text}`),
    '',
    'Cost, US dollars:',
    ...facts.cost.tasks.map(
      (task) => `  ${task.taskId.padEnd(longest)}  ${String(task.computeMs).padStart(7)} ms billed  ${task.total.usd}`,
    ),
    `  ${'total'.padEnd(longest)}  ${''.padStart(7)}            ${facts.cost.total.usd}`,
  ];
}
