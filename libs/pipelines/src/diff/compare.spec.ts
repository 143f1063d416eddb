import type { JsonObject } from '@millrace/kernel';
import { describe, expect, it } from 'vitest';
import { comparePipelines, compareStates, type PipelineState } from './compare.js';

function state(definition: JsonObject, files: Record<string, string> = {}, pipeline = 'p'): PipelineState {
  return { pipeline, version: null, definition, files: new Map(Object.entries(files)), dependencies: [] };
}

describe('comparing two states of a pipeline', () => {
  it('names every field that differs by its path, whatever the order of keys', () => {
    const before = state({
      pipeline: 'p',
      description: 'old',
      defaults: { timeout: '1m', retry: { maxAttempts: 3 } },
      tasks: { a: { type: 'shell', script: 'x', needs: ['b', 'c'] }, 'x/y': { type: 'shell', script: '1' } },
    });
    const after = state({
      defaults: { retry: { delay: '1s', maxAttempts: 3 }, timeout: '2m' },
      deadline: '1h',
      tasks: {
        'x/y': { script: '1', type: 'shell', constructor: 1 },
        a: { needs: ['b'], type: 'shell', script: 'x' },
        n: { type: 'shell', script: 'new' },
      },
      pipeline: 'p',
    });

    const change = comparePipelines(before, after);

    expect(change).toMatchObject({ pipeline: 'p', change: 'changed', files: [], filesChanged: 0 });
    expect(change.fields).toEqual([
      { path: '/description', change: 'removed', from: 'old', to: null },
      { path: '/defaults/timeout', change: 'changed', from: '1m', to: '2m' },
      { path: '/defaults/retry/delay', change: 'added', from: null, to: '1s' },
      { path: '/deadline', change: 'added', from: null, to: '1h' },
    ]);
    expect(change.tasks).toEqual([
      {
        task: 'a',
        change: 'changed',
        fields: [{ path: '/tasks/a/needs', change: 'changed', from: ['b', 'c'], to: ['b'] }],
        codeChanged: false,
      },
      {
        task: 'x/y',
        change: 'changed',
        fields: [{ path: '/tasks/x~1y/constructor', change: 'added', from: null, to: 1 }],
        codeChanged: false,
      },
      { task: 'n', change: 'added', fields: [], codeChanged: false },
    ]);
    expect(comparePipelines(before, before)).toMatchObject({ change: 'unchanged', fields: [], tasks: [] });
  });

  it('tells whose code differs from which files differ', () => {
    const definition = {
      tasks: {
        direct: { type: 'node', entry: './src/a.ts' },
        other: { type: 'node', entry: 'src/b.ts' },
        script: { type: 'shell', file: 'run.sh' },
        inline: { type: 'shell', script: 'x' },
      },
    };
    const before = { 'src/a.ts': '1', 'src/b.ts': '1', 'src/lib.ts': '1', 'run.sh': '1', old: '1' };
    const after = { 'src/a.ts': '1', 'src/b.ts': '1', 'src/lib.ts': '2', 'run.sh': '2', new: '1' };

    const change = comparePipelines(
      state(definition, { ...before, 'src/a.ts.mjs': 'a1', 'src/b.ts.mjs': 'b1' }),
      state(definition, { ...after, 'src/a.ts.mjs': 'a2', 'src/b.ts.mjs': 'b1' }),
    );

    expect(change.tasks.map(({ task, codeChanged }) => [task, codeChanged])).toEqual([
      ['direct', true],
      ['script', true],
    ]);
    // The compiled form of a file is no file of the author's.
    expect(change.files).toEqual([
      { path: 'new', change: 'added' },
      { path: 'old', change: 'removed' },
      { path: 'run.sh', change: 'changed' },
      { path: 'src/lib.ts', change: 'changed' },
    ]);
  });

  it('tells pipelines apart by their names', () => {
    const some = (names: readonly string[]) => names.map((name) => state({ tasks: {} }, {}, name));

    expect(
      compareStates(some(['a', 'b']), some(['b', 'c'])).map(({ pipeline, change }) => `${pipeline} ${change}`),
    ).toEqual(['a removed', 'b unchanged', 'c added']);
  });
});
