import { type TerminalTaskState, type TriggerRule } from '@millrace/contracts';

/** How many instances ended in each way. */
export type EndCounts = Readonly<Record<TerminalTaskState, number>>;

export const noEnds: EndCounts = { succeeded: 0, failed: 0, skipped: 0, upstream_failed: 0, cancelled: 0 };

/** The needs of a task, counted by instance; a need that is not expanded yet counts as one that has not ended. */
export interface NeedCounts extends EndCounts {
  readonly total: number;
}

export type Judgement = 'wait' | 'run' | 'skipped' | 'upstream_failed';

/**
 * What a trigger rule says of needs in this state. It answers as soon as no later end could change the answer, so the
 * answer never depends on the order in which needs end (Airflow's `all_success` does, where one need is skipped and
 * another fails; here the failure wins). A task without needs runs under every rule.
 */
export function judge(rule: TriggerRule, needs: NeedCounts): Judgement {
  if (needs.total === 0) return 'run';
  const failed = needs.failed + needs.upstream_failed + needs.cancelled;
  const allEnded = needs.succeeded + needs.skipped + failed >= needs.total;
  const onceAllEnded = (judgement: Judgement): Judgement => (allEnded ? judgement : 'wait');

  switch (rule) {
    case 'always':
      return 'run';
    case 'all_done':
      return onceAllEnded('run');
    case 'all_success':
      if (failed > 0) return 'upstream_failed';
      return onceAllEnded(needs.skipped > 0 ? 'skipped' : 'run');
    case 'all_failed':
      return needs.succeeded + needs.skipped > 0 ? 'skipped' : onceAllEnded('run');
    case 'all_skipped':
      return needs.succeeded + failed > 0 ? 'skipped' : onceAllEnded('run');
    case 'one_success':
      if (needs.succeeded > 0) return 'run';
      return onceAllEnded(needs.skipped >= needs.total ? 'skipped' : 'upstream_failed');
    case 'one_failed':
      return failed > 0 ? 'run' : onceAllEnded('skipped');
    case 'one_done':
      return needs.succeeded + needs.failed > 0 ? 'run' : onceAllEnded('skipped');
    case 'none_failed':
      return failed > 0 ? 'upstream_failed' : onceAllEnded('run');
    case 'none_failed_min_one_success':
      if (failed > 0) return 'upstream_failed';
      return onceAllEnded(needs.succeeded > 0 ? 'run' : 'skipped');
    case 'none_skipped':
      return needs.skipped > 0 ? 'skipped' : onceAllEnded('run');
  }
}
