import type { Schemas } from '@millrace/clients';
import type { Style } from '../terminal/style.js';

type AnyState = Schemas['Run']['state'] | Schemas['TaskInstance']['state'] | Schemas['Attempt']['state'];

interface Look {
  readonly sign: string;
  readonly word: string;
  readonly paint: keyof Style;
}

const looks: Readonly<Record<AnyState, Look>> = {
  waiting: { sign: '·', word: 'waiting', paint: 'dim' },
  queued: { sign: '·', word: 'queued', paint: 'cyan' },
  running: { sign: '●', word: 'running', paint: 'blue' },
  leased: { sign: '●', word: 'running', paint: 'blue' },
  up_for_retry: { sign: '↻', word: 'will be tried again', paint: 'yellow' },
  sleeping: { sign: '◌', word: 'sleeping', paint: 'cyan' },
  succeeded: { sign: '✓', word: 'succeeded', paint: 'green' },
  failed: { sign: '✗', word: 'failed', paint: 'red' },
  timed_out: { sign: '✗', word: 'timed out', paint: 'red' },
  lost: { sign: '✗', word: 'lost', paint: 'yellow' },
  skipped: { sign: '-', word: 'skipped', paint: 'dim' },
  upstream_failed: { sign: '✗', word: 'a need failed', paint: 'red' },
  cancelled: { sign: '✗', word: 'cancelled', paint: 'yellow' },
};

export function sign(state: AnyState, style: Style): string {
  const { sign: text, paint } = looks[state];
  return style[paint](text);
}

/** The state in words, painted. */
export function stateWord(state: AnyState, style: Style): string {
  const { word, paint } = looks[state];
  return style[paint](word);
}
