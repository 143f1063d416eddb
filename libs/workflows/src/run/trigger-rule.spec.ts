import { type TerminalTaskState, type TriggerRule, triggerRules } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { judge, type Judgement, noEnds } from './trigger-rule.js';

const short: Readonly<Record<string, TerminalTaskState>> = {
  s: 'succeeded',
  f: 'failed',
  k: 'skipped',
  u: 'upstream_failed',
};

/** Needs as a word: s succeeded, f failed, k skipped, u upstream_failed, . not ended. */
function needs(word: string) {
  const counts = { ...noEnds, total: word.length };
  for (const letter of word) {
    const state = short[letter];
    if (state !== undefined) counts[state] += 1;
  }
  return counts;
}

const table: Readonly<Record<TriggerRule, Readonly<Record<string, Judgement>>>> = {
  all_success: {
    ss: 'run',
    's.': 'wait',
    sf: 'upstream_failed',
    'f.': 'upstream_failed',
    'u.': 'upstream_failed',
    sk: 'skipped',
    'k.': 'wait',
    ku: 'upstream_failed',
    '..': 'wait',
  },
  all_failed: { ff: 'run', fu: 'run', 'f.': 'wait', 's.': 'skipped', fs: 'skipped', 'k.': 'skipped' },
  all_done: { sf: 'run', ku: 'run', 's.': 'wait' },
  all_skipped: { kk: 'run', 'k.': 'wait', 's.': 'skipped', kf: 'skipped', ku: 'skipped' },
  one_success: {
    's.': 'run',
    sf: 'run',
    'f.': 'wait',
    ff: 'upstream_failed',
    kk: 'skipped',
    kf: 'upstream_failed',
    uk: 'upstream_failed',
  },
  one_failed: { 'f.': 'run', 'u.': 'run', 's.': 'wait', ss: 'skipped', sk: 'skipped', sf: 'run' },
  one_done: { 's.': 'run', 'f.': 'run', 'k.': 'wait', kk: 'skipped', uk: 'skipped', 'u.': 'wait' },
  none_failed: { sk: 'run', kk: 'run', 'k.': 'wait', 'f.': 'upstream_failed', su: 'upstream_failed' },
  none_failed_min_one_success: { sk: 'run', kk: 'skipped', 's.': 'wait', 'f.': 'upstream_failed', ks: 'run' },
  none_skipped: { sf: 'run', ss: 'run', 'k.': 'skipped', 's.': 'wait', fu: 'run' },
  always: { '..': 'run', ff: 'run', 'k.': 'run' },
};

describe.each(triggerRules)('trigger rule %s', (rule) => {
  it.each(Object.entries(table[rule]))('says of %s: %s', (word, expected) => {
    expect(judge(rule, needs(word))).toBe(expected);
  });

  it('runs a task without needs', () => {
    expect(judge(rule, needs(''))).toBe('run');
  });

  it('never takes back an early answer, whatever ends later', () => {
    const letters = ['s', 'f', 'k', 'u'];
    for (const early of ['s..', 'f..', 'k..', 'u..', 'sk.', 'sf.', 'fk.']) {
      const answer = judge(rule, needs(early));
      if (answer === 'wait') continue;
      const open = [...early].filter((letter) => letter === '.').length;
      const ends = open === 1 ? letters : letters.flatMap((a) => letters.map((b) => a + b));
      for (const end of ends) expect(judge(rule, needs(early.replaceAll('.', '') + end))).toBe(answer);
    }
  });
});
