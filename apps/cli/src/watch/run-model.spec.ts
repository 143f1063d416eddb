import type { RunStreamEvent } from '@millrace/clients';
import { describe, expect, it } from 'vitest';
import { Output } from '../terminal/output.js';
import { noStyle, width } from '../terminal/style.js';
import { panelLines } from './progress.js';
import { RunModel, type TaskState } from './run-model.js';

const begun = '2026-01-01T00:00:00.000Z';
const second = (seconds: number): string => new Date(Date.parse(begun) + seconds * 1000).toISOString();

function makeModel(tasks: readonly string[]): RunModel {
  return new RunModel({ id: 'run_1', pipeline: 'p', version: 3, createdAt: begun, state: 'queued' }, tasks);
}

function state(
  taskId: string | null,
  to: TaskState,
  seconds: number,
  mapIndex = -1,
  mapLength?: number,
): RunStreamEvent {
  const event = {
    seq: 0,
    at: second(seconds),
    taskId,
    mapIndex,
    state: to,
    reason: null,
    mapLength: mapLength ?? null,
  };
  return taskId === null
    ? { kind: 'run', event: { ...event, type: 'run', mapIndex: null } }
    : { kind: 'task', event: { ...event, type: 'task' } };
}

function attempt(taskId: string, seconds: number, mapIndex = -1): RunStreamEvent {
  const about = { attemptId: 'att_1', try: 1, fence: 1, state: 'running' };
  return { kind: 'attempt', attempt: { ...about, taskId, mapIndex, at: second(seconds) } };
}

describe('a run as it goes on', () => {
  it('keeps a task running whose attempt was told of before the state that it followed', () => {
    const model = makeModel(['a']);

    for (const event of [attempt('a', 2), state('a', 'queued', 1)]) model.apply(event);
    expect(model.tasks.get('a')?.state).toBe('running');
    for (const event of [state('a', 'up_for_retry', 3), state('a', 'queued', 4)]) model.apply(event);
    expect(model.tasks.get('a')?.state).toBe('queued');
    for (const event of [state('a', 'succeeded', 6), attempt('a', 5)]) model.apply(event);
    expect(model.tasks.get('a')).toMatchObject({ state: 'succeeded', endedAt: Date.parse(second(6)) });
  });

  it('counts the instances of a mapped task', () => {
    const model = makeModel(['m']);

    model.apply(state('m', 'running', 1, -1, 3));
    for (const index of [0, 1, 2]) model.apply(state('m', 'queued', 1, index));
    for (const index of [0, 1]) model.apply(attempt('m', 2, index));
    model.apply(state('m', 'failed', 3, 0));

    const task = model.tasks.get('m');
    expect(task && Object.fromEntries(model.counts(task))).toEqual({ failed: 1, running: 1, queued: 1 });
  });
});

describe('the panel', () => {
  const output = new Output(process.stdout, process.stderr, {
    json: false,
    quiet: false,
    style: noStyle,
    errorStyle: noStyle,
  });

  it('has a line for the run and one for each task', () => {
    const model = makeModel(['first', 'second']);
    for (const event of [state(null, 'running', 1), attempt('first', 1), state('first', 'succeeded', 3)])
      model.apply(event);
    model.apply(state('second', 'running', 3, -1, 2));
    model.apply(state('second', 'failed', 4, 1));

    expect(panelLines(output, model, 20).map((line) => line.replace(/ {2}\d.*(?= run_1)/, ''))).toEqual([
      '● p v3  running run_1',
      '  ✓ first   succeeded  2.0 s',
      expect.stringMatching(/^ {2}● second {2}running {2}1\/2 \(1 failed\) {2}/) as string,
    ]);
  });

  it('shows what matters where there is no room for all', () => {
    const model = makeModel(Array.from({ length: 100 }, (_, index) => `task-${index}`));
    model.apply(state('task-7', 'succeeded', 1));
    model.apply(attempt('task-50', 1));
    model.apply(state('task-99', 'failed', 1));

    const lines = panelLines(output, model, 5);

    expect(lines).toHaveLength(5);
    expect(lines.join('\n')).toMatch(/task-50[\s\S]*task-99[\s\S]*and 97 more tasks/);
    for (const line of lines) expect(width(line)).toBeLessThan(100);
  });
});
