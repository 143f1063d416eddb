import { type Bar, drawBars } from './bars.js';
import type { OrdersFacts } from './orders.js';
import type { AttemptView, RunCost, RunFacts } from './walk.js';

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

function inOrder(attempts: readonly AttemptView[]): AttemptView[] {
  return [...attempts].sort((a, b) => (a.startedAt ?? a.leasedAt).localeCompare(b.startedAt ?? b.leasedAt));
}

function costLines(cost: RunCost): string[] {
  const longest = Math.max(...cost.tasks.map((task) => task.taskId.length), 5);
  return [
    'Cost, US dollars:',
    ...cost.tasks.map(
      (task) => `  ${task.taskId.padEnd(longest)}  ${String(task.computeMs).padStart(7)} ms billed  ${task.total.usd}`,
    ),
    `  ${'total'.padEnd(longest)}  ${''.padStart(7)}            ${cost.total.usd}`,
  ];
}

/** The run of `orders` in short: its timeline with the retries, which branch it took, what it posted, its cost. */
export function describeOrders(facts: OrdersFacts): string[] {
  const [posted] = facts.posted;
  const failed = facts.attempts.filter((attempt) => attempt.state === 'failed');
  const states = ['apologise', 'reassure'].map((task) => `${task} ${facts.tasks[task] ?? 'missing'}`);
  return [
    '',
    `Run ${facts.run.id} (orders) ${facts.run.state}, ${facts.events} events   ░ waiting  █ running`,
    ...drawBars(inOrder(facts.attempts).map(bar)),
    '',
    `Retries:             ${failed.length} attempts failed (the shop answers 5xx on purpose) and were made again`,
    `Branch:              ${states.join(', ')}`,
    `Posted to the shop:  ${JSON.stringify(posted?.summary)}`,
    `                     ${posted?.note.level ?? ''}: ${posted?.note.text ?? ''}`,
    '',
    ...costLines(facts.cost),
  ];
}

/** One run as lines for the terminal: the timeline of its attempts, outputs, a log, the cost of each task. */
export function describeRun(facts: RunFacts): string[] {
  return [
    '',
    `Run ${facts.run.id} (${facts.city}) ${facts.run.state}, ${facts.events} events   ░ waiting  █ running`,
    ...drawBars(inOrder(facts.attempts).map(bar)),
    '',
    `Output of summarise: ${JSON.stringify(facts.outputs['summarise'])}`,
    `Output of check:     ${JSON.stringify(facts.outputs['check'])}`,
    `Artifacts:           ${facts.artifacts.map((artifact) => `${artifact.name} (${artifact.sizeBytes} bytes)`).join(', ')}`,
    '',
    'Log of summarise:',
    ...facts.log.map((line) => `  ${String(line.seq).padStart(3)} ${line.stream.padEnd(6)} ${line.text}`),
    '',
    ...costLines(facts.cost),
  ];
}
