import { describe, expect, it } from 'vitest';
import { findTaskDefinition, taskCatalogue, taskTypes } from './catalogue.js';
import type { TaskDefinition } from './define-task.js';

/** What is wrong with a definition, as `path: message`. */
function complaints(type: string, value: unknown): string[] {
  const parsed = definitionOf(type).definitionSchema.safeParse(value);
  return parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}

function definitionOf(type: string): TaskDefinition {
  const found = findTaskDefinition(type);
  if (found === undefined) throw new Error(`no type ${type}`);
  return found;
}

describe('the catalogue of task types', () => {
  it('has the types of a pipeline, each complete', () => {
    expect(taskTypes).toEqual(['node', 'python', 'shell', 'sql', 'http', 'wait']);
    for (const type of taskTypes) {
      const { title, description, defaults } = taskCatalogue[type];
      expect([title.length > 0, description.length > 0, defaults.timeoutMs > 0], type).toEqual([true, true, true]);
    }
    expect(findTaskDefinition('toString')).toBeUndefined();
  });

  it.each([
    ['node', { entry: 'src/x.ts' }],
    ['node', { entry: 'x.cjs', export: 'load' }],
    ['python', { entry: 'x.py', function: 'main' }],
    ['shell', { script: 'echo ${{ params.x }}', shell: 'bash' }],
    ['shell', { file: 'bin/run' }],
    ['sql', { connection: 'warehouse', statement: 'select $1', params: [1, '${{ params.x }}'] }],
    [
      'sql',
      { connection: 'warehouse', statement: 'select $1', params: '${{ inputs.all }}', maxRows: '${{ params.n }}' },
    ],
    ['sql', { connection: 'warehouse', file: 'sql/load.sql', rows: 'none' }],
    ['http', { url: 'https://example.com/x', expect: { status: [200, 404] } }],
    [
      'http',
      {
        url: 'https://${{ params.host }}/x',
        method: '${{ params.m }}',
        timeoutSeconds: '${{ params.t }}',
        body: { a: 1 },
      },
    ],
    ['wait', { seconds: 5 }],
    ['wait', { until: '2030-01-31T08:00:00+01:00' }],
    ['wait', { until: '${{ params.at }}' }],
  ])('accepts %s %j', (type, value) => {
    expect(complaints(type, value)).toEqual([]);
  });

  it.each([
    ['node', {}, 'entry: Invalid input: expected string, received undefined'],
    ['node', { entry: 'x.txt' }, 'entry: must end in .ts, .mts, .js, .mjs, .cjs'],
    [
      'node',
      { entry: '../x.js' },
      'entry: must be a relative path inside the bundle, with forward slashes and without ".."',
    ],
    ['node', { entry: '${{ params.e }}.js' }, 'entry: the path must be written out: it is checked at deploy'],
    ['node', { entry: 'x.js', exprot: 'a' }, ': Unrecognized key: "exprot"'],
    ['node', { entry: 'x.js', export: 'a.b' }, 'export: must be the name of an exported function'],
    ['python', { entry: 'x.js' }, 'entry: must end in .py'],
    ['shell', {}, ': needs either "script" (the text) or "file" (a file of the bundle), not both'],
    ['shell', { script: 'x', shell: 'zsh' }, 'shell: must be "sh" or "bash"'],
    [
      'sql',
      { connection: 'w' },
      ': needs either "statement" (the text) or "file" (an .sql file of the bundle), not both',
    ],
    [
      'sql',
      { connection: 'w', statement: 'select ${{ params.x }}' },
      'statement: takes no ${{ … }}: write $1, $2 … and give the values in "params"',
    ],
    [
      'sql',
      { connection: 'w', file: 'x.sql', params: [1] },
      'params: "params" are bound to one "statement"; a "file" may hold several and takes none',
    ],
    [
      'sql',
      { connection: 'w', statement: 'x', maxRows: 'many' },
      'maxRows: must be a number (or an expression ${{ … }})',
    ],
    ['http', { url: 'ftp://x' }, 'url: must be an absolute http or https URL'],
    [
      'http',
      { url: 'https://x', method: 'FETCH' },
      'method: must be GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS (or an expression ${{ … }})',
    ],
    ['http', { url: 'https://x', headers: { 'a b': 'c' } }, 'headers.a b: Invalid key in record'],
    ['wait', { seconds: -1 }, 'seconds: must not be negative'],
    ['wait', { seconds: 1, until: '2030-01-01T00:00:00Z' }, ': needs either "seconds" or "until", not both'],
    ['wait', { until: 'tomorrow' }, 'until: must be an RFC 3339 time with an offset, for example 2030-01-31T08:00:00Z'],
  ])('says what is wrong with %s %j', (type, value, complaint) => {
    expect(complaints(type, value)).toContain(complaint);
  });

  it('is strict again once expressions are resolved', () => {
    const parse = (type: keyof typeof taskCatalogue, value: unknown): boolean =>
      taskCatalogue[type].configSchema.safeParse(value).success;

    expect(parse('sql', { connection: 'w', statement: 's', maxRows: '${{ params.n }}' })).toBe(false);
    expect(parse('sql', { connection: 'w', statement: 's', params: [{ a: 1 }, null], maxRows: 5 })).toBe(true);
    expect(parse('http', { url: '${{ params.u }}' })).toBe(false);
    expect(parse('wait', { seconds: '5' })).toBe(false);
  });

  it('names the files and connections that a definition uses', () => {
    expect(definitionOf('node').files({ entry: 'src/x.ts' })).toEqual(['src/x.ts']);
    expect(definitionOf('shell').files({ script: 'x' })).toEqual([]);
    expect(definitionOf('sql').files({ connection: 'w', file: 'a.sql' })).toEqual(['a.sql']);
    expect(definitionOf('sql').connections({ connection: 'w', file: 'a.sql' })).toEqual(['w']);
  });
});
