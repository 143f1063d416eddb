import { describe, expect, it } from 'vitest';
import { attemptTimes, wayWords } from './attempt-times.js';
import { ganttRows, ticks } from './gantt-rows.js';
import type { TimelineEntry } from './run-data.js';

const at = (seconds: number): string => new Date(seconds * 1000).toISOString();
const entry = (given: Partial<TimelineEntry>): TimelineEntry => ({
  id: 'att_1',
  taskId: 'load',
  mapIndex: -1,
  fence: 1,
  try: 1,
  state: 'succeeded',
  reason: null,
  runnerId: null,
  way: 'queued',
  stretchId: null,
  acceptedAt: at(10),
  leasedAt: at(11),
  offeredAt: null,
  startedAt: at(12),
  endedAt: at(14),
  committedAt: at(14),
  ...given,
});

describe('the rows of the Gantt chart', () => {
  it('show waiting and working of each attempt, instances apart', () => {
    const rows = ganttRows([entry({}), entry({ id: 'att_2', mapIndex: 3 })], 10_000, 99_000);

    expect(rows.map((row) => row.name)).toEqual(['load', 'load[3]']);
    expect(rows[0]?.bars).toEqual([
      { id: 'att_1', from: 0, started: 2000, to: 4000, state: 'succeeded', try: 1, way: 'queue of the pool' },
    ]);
  });

  it('draw a retry from where the try before it ended', () => {
    const again = entry({ id: 'att_2', try: 2, startedAt: at(16), endedAt: at(18) });
    const [row] = ganttRows([entry({ state: 'failed' }), again], 10_000, 99_000);

    expect(row?.bars.map(({ from, started, to }) => [from, started, to])).toEqual([
      [0, 2000, 4000],
      [4000, 6000, 8000],
    ]);
  });

  it('let what runs last until now, also before its code began', () => {
    const [row] = ganttRows([entry({ state: 'leased', startedAt: null, endedAt: null })], 10_000, 15_000);

    expect(row?.bars[0]).toMatchObject({ from: 0, started: 5000, to: 5000 });
  });
});

describe('the times of an attempt', () => {
  it('are those that there were, each with the time since the one before', () => {
    const times = attemptTimes(entry({ offeredAt: at(11.5), committedAt: null }));

    expect(times.map(({ step, sinceMs }) => [step, sinceMs])).toEqual([
      ['accepted', undefined],
      ['leased', 1000],
      ['offered', 500],
      ['started', 500],
      ['ended', 2000],
    ]);
    expect(attemptTimes(entry({ startedAt: at(10.9) }))[2]).toMatchObject({ step: 'started', sinceMs: 0 });
  });

  it('come with the way in words', () => {
    expect(wayWords(entry({ way: 'offered', stretchId: 'att_0' }))).toBe('in a stretch, behind another task');
    expect(wayWords(entry({ way: 'direct' }))).toBe('direct, leased with the run');
  });
});

describe('the axis', () => {
  it('has round times', () => {
    expect(ticks(4_000)).toEqual([0, 1000, 2000, 3000, 4000]);
    expect(ticks(55)).toEqual([0, 10, 20, 30, 40, 50]);
    expect(ticks(0)).toEqual([0]);
    expect(ticks(3_600_000).every((each) => each % 60_000 === 0)).toBe(true);
  });
});
