import { type OrdersFacts, tourDay } from './orders.js';
import type { RunFacts } from './walk.js';

/** What must hold of a run of the sample; each sentence that does not is a finding. */
export function checkRun(facts: RunFacts): string[] {
  const findings: string[] = [];
  const expect = (holds: boolean, sentence: string): void => {
    if (!holds) findings.push(`${facts.city}: ${sentence}`);
  };
  const summary = facts.outputs['summarise'] as { months?: number; years?: readonly unknown[]; city?: string };
  expect(summary.city === facts.city && summary.months === 48, 'the summary is of 48 months');
  expect(summary.years?.length === 4, 'the summary has 4 years');
  const succeeded = facts.attempts.filter((attempt) => attempt.state === 'succeeded');
  expect(succeeded.filter((attempt) => attempt.taskId === 'transform').length === 4, 'transform ran once per year');
  expect(succeeded.filter((attempt) => attempt.taskId === 'load').length === 4, 'load ran once per year');
  expect(facts.chart.startsWith('<svg') && facts.chart.includes(facts.city), 'the chart is an SVG of the city');
  expect(
    facts.log.some((line) => line.text.includes('48 months in 4 years')),
    'the log has the line that the task wrote',
  );
  const sum = facts.cost.tasks.reduce((total, task) => total + BigInt(task.total.nanoUsd), 0n);
  expect(sum > 0n && sum === BigInt(facts.cost.total.nanoUsd), 'the costs of the tasks add up to the cost of the run');
  expect(facts.events > 0, 'events were streamed');
  return findings;
}

/** What must hold of the run of `orders`. */
export function checkOrders({ attempts, posted, run, tasks, cost, events }: OrdersFacts): string[] {
  const findings: string[] = [];
  const expect = (holds: boolean, sentence: string): void => {
    if (!holds) findings.push(`orders of ${tourDay}: ${sentence}`);
  };
  const fetches = attempts.filter((attempt) => attempt.taskId === 'fetch');
  expect(fetches.filter(({ state }) => state === 'succeeded').length === 5, 'each of the 5 pages was fetched once');
  // The shop's own failures: one each on pages 2 and 4, two on page 3. An attempt that is lost may take one with it.
  expect(fetches.filter(({ state }) => state !== 'succeeded').length >= 4, 'the 4 failures of the shop are retried');
  expect(tasks['apologise'] === 'succeeded' && tasks['reassure'] === 'skipped', 'the branch for late orders was taken');
  const [first] = posted;
  expect(posted.length === 1 && first?.run === run.id, 'one summary of the run was posted');
  expect(first?.summary.orders === 125 && first.summary.pages === 5, 'the summary has 125 orders on 5 pages');
  expect(first?.note.level === 'urgent', 'the note is urgent');
  const sum = cost.tasks.reduce((total, task) => total + BigInt(task.total.nanoUsd), 0n);
  expect(sum > 0n && sum === BigInt(cost.total.nanoUsd), 'the costs of the tasks add up to the cost of the run');
  expect(events > 0, 'events were streamed');
  return findings;
}
