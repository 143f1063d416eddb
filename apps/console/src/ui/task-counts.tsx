import { count } from '../api/format.js';
import { stateLook } from './badge.js';
import './task-counts.css';

const order = [
  'succeeded',
  'running',
  'queued',
  'up_for_retry',
  'sleeping',
  'failed',
  'upstream_failed',
  'cancelled',
  'skipped',
  'waiting',
];

/** How many tasks are in which state, as a bar; the words are in its title and for who cannot see it. */
export function TaskCounts({
  tasks,
  noun = 'task',
}: {
  readonly tasks: Readonly<Record<string, number>>;
  readonly noun?: string;
}) {
  const parts = Object.entries(tasks)
    .filter(([, amount]) => amount > 0)
    .sort(([one], [other]) => order.indexOf(one) - order.indexOf(other));
  const all = parts.reduce((sum, [, amount]) => sum + amount, 0);
  const words = parts.map(([state, amount]) => `${amount} ${stateLook(state).word.toLowerCase()}`).join(', ');
  if (all === 0) return <span className="faint">—</span>;
  return (
    <span className="task-counts above" title={words}>
      <span className="task-counts__bar" aria-hidden="true">
        {parts.map(([state, amount]) => (
          <span key={state} style={{ flexGrow: amount, background: `var(--state-${state})` }} />
        ))}
      </span>
      <span className="number muted">{count(all, noun)}</span>
      <span className="visually-hidden">: {words}</span>
    </span>
  );
}
