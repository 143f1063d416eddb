import type { ReactNode } from 'react';
import './badge.css';
import { Icon, type IconName } from './icon.js';

export type Tone = 'good' | 'bad' | 'active' | 'warn' | 'pause' | 'neutral';

export function Badge({
  tone = 'neutral',
  icon,
  children,
  title,
}: {
  readonly tone?: Tone;
  readonly icon?: IconName;
  readonly children: ReactNode;
  readonly title?: string | undefined;
}) {
  return (
    <span className={`badge badge--${tone}`} title={title}>
      {icon !== undefined && <Icon name={icon} size={12} />}
      {children}
    </span>
  );
}

interface StateLook {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly word: string;
}

/** Every state of runs, task instances, attempts, deployments, runners and invitations: word, colour and shape. */
const states: Readonly<Record<string, StateLook>> = {
  queued: { tone: 'neutral', icon: 'clock', word: 'Queued' },
  running: { tone: 'active', icon: 'runs', word: 'Running' },
  succeeded: { tone: 'good', icon: 'check', word: 'Succeeded' },
  failed: { tone: 'bad', icon: 'cross', word: 'Failed' },
  cancelled: { tone: 'neutral', icon: 'stop', word: 'Cancelled' },
  waiting: { tone: 'neutral', icon: 'dots', word: 'Waiting' },
  up_for_retry: { tone: 'warn', icon: 'retry', word: 'Up for retry' },
  sleeping: { tone: 'pause', icon: 'moonSmall', word: 'Sleeping' },
  skipped: { tone: 'pause', icon: 'skip', word: 'Skipped' },
  upstream_failed: { tone: 'warn', icon: 'blocked', word: 'Upstream failed' },
  leased: { tone: 'active', icon: 'runs', word: 'Running' },
  timed_out: { tone: 'bad', icon: 'clock', word: 'Timed out' },
  lost: { tone: 'warn', icon: 'warning', word: 'Lost' },
  building: { tone: 'active', icon: 'retry', word: 'Building' },
  ready: { tone: 'good', icon: 'check', word: 'Ready' },
  starting: { tone: 'active', icon: 'retry', word: 'Starting' },
  draining: { tone: 'warn', icon: 'download', word: 'Draining' },
  ended: { tone: 'neutral', icon: 'stop', word: 'Ended' },
  pending: { tone: 'active', icon: 'clock', word: 'Pending' },
  accepted: { tone: 'good', icon: 'check', word: 'Accepted' },
  revoked: { tone: 'neutral', icon: 'blocked', word: 'Revoked' },
  expired: { tone: 'neutral', icon: 'clock', word: 'Expired' },
};

/** How a state is shown; unknown ones (a newer server) keep their name. */
export function stateLook(state: string): StateLook {
  return states[state] ?? { tone: 'neutral', icon: 'info', word: state.replaceAll('_', ' ') };
}

export function StateBadge({ state, title }: { readonly state: string; readonly title?: string | undefined }) {
  const { tone, icon, word } = stateLook(state);
  return (
    <Badge tone={tone} icon={icon} title={title}>
      {word}
    </Badge>
  );
}
