import { describe, expect, it } from 'vitest';
import { BackOff } from './back-off.js';
import { type RunnerLoad, scale, wantedRunners } from './scaling.js';

describe('wantedRunners', () => {
  const load = { demand: 1, slotsPerRunner: 4, maxRunners: 10, concurrentTasks: 100 };

  it.each([
    [{ demand: 0 }, 0],
    [{ demand: 1 }, 1],
    [{ demand: 4 }, 1],
    [{ demand: 5 }, 2],
    [{ demand: 1_000 }, 10],
    [{ demand: 1_000, concurrentTasks: 10 }, 3],
    [{ demand: 3, concurrentTasks: 1, slotsPerRunner: 4 }, 1],
  ])('%o gives %i', (part, wanted) => {
    expect(wantedRunners({ ...load, ...part })).toBe(wanted);
  });
});

describe('scale', () => {
  const runner = (id: string, extra: Partial<RunnerLoad> = {}): RunnerLoad => ({
    id,
    draining: false,
    leases: 0,
    idleMs: 0,
    ...extra,
  });

  it('starts what is missing; a runner that leaves does not count', () => {
    expect(scale(3, [runner('a'), runner('b', { draining: true })], 1_000)).toEqual({ start: 2, drain: [] });
  });

  it('lets the longest idle ones go, and none that is busy or was busy a moment ago', () => {
    const runners = [
      runner('busy', { leases: 1 }),
      runner('fresh', { idleMs: 500 }),
      runner('idle', { idleMs: 5_000 }),
      runner('idler', { idleMs: 9_000 }),
    ];
    expect(scale(0, runners, 1_000).drain).toEqual(['idler', 'idle']);
    expect(scale(3, runners, 1_000).drain).toEqual(['idler']);
  });
});

describe('BackOff', () => {
  it('waits longer with each failure, and not at all after a success', () => {
    const backOff = new BackOff();
    backOff.failed(0, 10, 'exit code 1');
    expect(backOff.remainingMs(0)).toBe(500);
    backOff.failed(1_000, 10, 'exit code 1');
    expect(backOff.remainingMs(1_000)).toBe(1_000);
    for (let i = 0; i < 20; i += 1) backOff.failed(2_000, 10, 'exit code 1');
    expect(backOff.remainingMs(2_000)).toBe(30_000);
    backOff.failed(3_000, 60_000, 'killed');
    expect(backOff.remainingMs(3_000)).toBe(500);
    backOff.succeeded();
    expect(backOff.remainingMs(3_000)).toBe(0);
    backOff.refused(0, 'no sandbox');
    expect([backOff.remainingMs(0), backOff.reason]).toEqual([60_000, 'no sandbox']);
  });
});
