import { describe, expect, it } from 'vitest';
import { compileDefinitions, type DefinitionsResult } from './compile-definitions.js';

function compile(text: string): DefinitionsResult {
  return compileDefinitions({ sources: [{ file: 'p.yaml', text }], paths: ['a.ts', 'a.py'], pools: undefined });
}

/** What the plan says of each task of the definition. */
function fused(tasks: string, more = ''): Readonly<Record<string, string>> {
  const { pipelines, problems } = compile(`pipeline: p\n${more}tasks:\n${tasks}`);
  expect(problems).toEqual([]);
  return Object.fromEntries(pipelines[0]?.plan.tasks.map(({ id, fuse }) => [id, fuse ?? 'alone']) ?? []);
}

const shell = 'type: shell, script: x';
const first = `  a: { ${shell} }\n`;

describe('what may be part of a stretch', () => {
  it('is what a sandbox executes without being given anything but its input', () => {
    const tasks = `
  node: { type: node, entry: a.ts, retry: { maxAttempts: 3 }, timeout: 1h, memory: 64MiB }
  python: { type: python, entry: a.py }
  shell: { ${shell} }
  http: { type: http, url: "https://example.com" }
  sql: { type: sql, connection: db, statement: select 1 }
  wait: { type: wait, for: 1s }
  secret: { ${shell}, secrets: [TOKEN] }
  connection: { ${shell}, connections: [db] }
  variable: { ${shell}, variables: [REGION] }
  own: { ${shell}, sandbox: fresh }
  off: { ${shell}, fuse: false }
`;

    expect(fused(tasks)).toEqual({
      ...{ node: 'begins', python: 'begins', shell: 'begins', http: 'begins' },
      ...{ sql: 'alone', wait: 'alone', secret: 'alone', connection: 'alone', variable: 'alone' },
      ...{ own: 'alone', off: 'alone' },
    });
  });

  it('is switched off for a pipeline, and on again for a task', () => {
    expect(fused(`${first}  b: { ${shell}, fuse: true }\n`, 'defaults: { fuse: false }\n')).toEqual({
      a: 'alone',
      b: 'begins',
    });
  });
});

describe('what follows in a stretch', () => {
  it('is a task whose needs are all in it, however long the chain and wide the join', () => {
    const tasks = `${first}  b: { ${shell}, needs: [a] }
  c: { ${shell}, needs: [a] }
  d: { type: python, entry: a.py, needs: [b, c] }
  e: { ${shell}, needs: [d, a] }
`;

    expect(fused(tasks)).toEqual({ a: 'begins', b: 'follows', c: 'follows', d: 'follows', e: 'follows' });
  });

  it.each([
    ['another trigger', `${first}  b: { ${shell}, needs: [a], trigger: all_done }\n`],
    ['a condition', `${first}  b: { ${shell}, needs: [a], when: "\${{ true }}" }\n`],
    ['a list', `${first}  b: { ${shell}, needs: [a], map: { over: [1] } }\n`],
    ['another pool', `${first}  b: { ${shell}, needs: [a], pool: big }\n`],
    ['a mapped need', `  a: { ${shell}, map: { over: [1] } }\n  b: { ${shell}, needs: [a] }\n`],
    ['a need that goes alone', `  a: { ${shell}, fuse: false }\n  b: { ${shell}, needs: [a] }\n`],
    ['a timer before it', `  a: { type: wait, for: 1s }\n  b: { ${shell}, needs: [a] }\n`],
    ['one need among several', `${first}  w: { type: wait, for: 1s }\n  b: { ${shell}, needs: [a, w] }\n`],
  ])('is none with %s, which begins one', (_what, tasks) => {
    expect(fused(tasks)['b']).toBe('begins');
  });

  it('is what comes after one that begins', () => {
    const tasks = `${first}  b: { ${shell}, needs: [a], when: "\${{ true }}" }\n  c: { ${shell}, needs: [b] }\n`;

    expect(fused(tasks)).toEqual({ a: 'begins', b: 'begins', c: 'follows' });
  });
});

describe('a wish for a sandbox of its own', () => {
  it('is part of what attempts are made from', () => {
    const { pipelines } = compile(`pipeline: p\ntasks:\n${first}  b: { ${shell}, sandbox: fresh }\n`);

    expect(pipelines[0]?.spec.tasks['b']?.sandbox).toBe('fresh');
    expect(pipelines[0]?.spec.tasks['a']).not.toHaveProperty('sandbox');
  });

  it.each([
    [`type: shell, script: x, sandbox: run`, '"sandbox" must be "fresh"', undefined],
    [`type: shell, script: x, fuse: never`, '"fuse" must be true or false', undefined],
    [`type: shell, script: x, fused: false`, 'there is no field "fused" here', 'did you mean "fuse"?'],
    [`type: wait, for: 1s, sandbox: fresh`, 'a "wait" has no runner, so "sandbox" means nothing', 'remove it'],
    [`type: wait, for: 1s, fuse: true`, 'a "wait" has no runner, so "fuse" means nothing', 'remove it'],
  ])('is refused where it makes no sense: %s', (fields, message, hint) => {
    const { problems } = compile(`pipeline: p\ntasks:\n  a: { ${fields} }\n`);

    expect(problems).toMatchObject([{ message, line: 3 }]);
    if (hint !== undefined) expect(problems[0]?.hint).toBe(hint);
  });
});
