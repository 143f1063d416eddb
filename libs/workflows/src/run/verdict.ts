import { type TerminalRunState } from '@millrace/contracts';
import { type TaskProgress } from './task-progress.js';
import { type NeedCounts, noEnds } from './trigger-rule.js';

const terminalStates = ['succeeded', 'failed', 'skipped', 'upstream_failed', 'cancelled'] as const;

/** Counts needs by instance; what is not expanded yet counts as one instance that has not ended. */
export function countNeeds(needs: readonly TaskProgress[]): NeedCounts {
  const counts = { ...noEnds, total: 0 };
  for (const need of needs) {
    counts.total += need.phase === 'ended' ? need.ended : need.size;
    for (const state of terminalStates) counts[state] += need.ends[state];
  }
  return counts;
}

/** How a run ended whose tasks have all ended. */
export function runVerdict(tasks: readonly TaskProgress[], cancelling: boolean): TerminalRunState {
  // A cancellation that found nothing left to stop changes nothing.
  if (cancelling && tasks.some((task) => task.ends.cancelled > 0)) return 'cancelled';
  // A failure that a later task was made to handle does not fail the run: the leaves decide, as in Airflow.
  const failed = tasks.some((task) => task.downstream.length === 0 && (task.failed || task.ends.cancelled > 0));
  return failed ? 'failed' : 'succeeded';
}
