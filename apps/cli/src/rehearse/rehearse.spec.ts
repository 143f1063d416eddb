import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileDefinitions } from '@millrace/pipelines/compile';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer, Call } from './engine/answer.js';
import { Rehearsal, type RehearsalOptions } from './engine/rehearsal.js';
import type { RehearsedRun } from './engine/result.js';
import { rehearse } from './rehearse.js';
import { junitXml } from './report/junit.js';
import { caseLines, plainStyle, summaryLine } from './report/lines.js';

const checkout = fileURLToPath(new URL('../../../../', import.meta.url));

type Mocks = Readonly<Record<string, (call: Call) => Answer | Promise<Answer>>>;
const gives =
  (value: unknown, delayMs = 0) =>
  (): Answer => ({ kind: 'output', text: JSON.stringify(value), delayMs });
const fails =
  (message: string, retryable = true) =>
  (): Answer => ({ kind: 'error', message, retryable });

/** Rehearses tasks that are given as in a definition; every type that needs a file is a shell script here. */
function run(
  tasks: object,
  mocks: Mocks,
  options: Partial<RehearsalOptions> & { params?: object } = {},
): Promise<RehearsedRun> {
  const definition = {
    pipeline: 'p',
    params: { type: 'object', properties: { n: { type: 'integer', default: 2 } } },
    tasks,
  };
  const { pipelines, problems } = compileDefinitions({
    sources: [{ text: JSON.stringify(definition) }],
    paths: [],
    pools: undefined,
  });
  expect(problems).toEqual([]);
  const [pipeline] = pipelines;
  if (pipeline === undefined) throw new Error('it does not compile');
  return new Rehearsal(pipeline, {
    behaviour: (task) => mocks[task] ?? gives(null),
    ...options,
  }).run();
}

const script = (more: object = {}) => ({ type: 'shell', script: 'true', ...more });
function states(result: RehearsedRun): Record<string, string> {
  return Object.fromEntries([...result.tasks].map(([id, task]) => [id, task.state]));
}

describe('a rehearsed run', () => {
  it('hands outputs on to the digit, fills in defaults, and shows what each task received', async () => {
    const result = await run(
      {
        a: script({ fuse: false, sandbox: 'fresh' }),
        b: script({
          needs: ['a'],
          input: { n: '${{ params.n }}', x: '${{ tasks.a.output.x }}', t: 'n=${{ params.n }}' },
        }),
      },
      { a: () => ({ kind: 'output', text: '{"x":1152921504606846977}' }) },
    );
    expect(result.tasks.get('b')?.instances[0]?.input).toBe('{"n":2,"x":1152921504606846977,"t":"n=2"}');
    expect(result).toMatchObject({ state: 'succeeded', params: '{"n":2}', elapsedMs: 0 });
  });

  it('retries with the delays of the policy, in virtual time', async () => {
    const retry = { maxAttempts: 4, delay: '10m', factor: 2, maxDelay: '1h', jitter: 'none' };
    const result = await run(
      { a: script({ retry }) },
      { a: ({ try: n }) => (n < 4 ? fails('no')() : gives(n, 5_000)()) },
    );
    const [instance] = result.tasks.get('a')?.instances ?? [];
    expect(instance?.attempts.map((one) => [one.try, one.startedAtMs, one.state])).toEqual([
      [1, 0, 'failed'],
      [2, 600_000, 'failed'],
      [3, 1_800_000, 'failed'],
      [4, 4_200_000, 'succeeded'],
    ]);
    expect(result.elapsedMs).toBe(4_205_000);
  });

  it('draws jitter within the delay, the same each time', async () => {
    const retry = { maxAttempts: 2, delay: '10s', jitter: 'full' };
    const once = () => run({ a: script({ retry }) }, { a: ({ try: n }) => (n === 1 ? fails('no')() : gives(n)()) });
    const [first, second] = [await once(), await once()];
    expect(first.elapsedMs).toBe(second.elapsedMs);
    expect(first.elapsedMs).toBeGreaterThan(0);
    expect(first.elapsedMs).toBeLessThanOrEqual(10_000);
  });

  it('ends a try at its timeout, gives up what is not retryable, and repeats what was lost for free', async () => {
    const retry = { maxAttempts: 3, delay: '0s', jitter: 'none' };
    const result = await run(
      {
        slow: script({ timeout: '30s', retry: { ...retry, maxAttempts: 2 } }),
        wrong: script({ retry }),
        lost: script({ retry }),
      },
      {
        slow: gives(1, 31_000),
        wrong: fails('wrong', false),
        lost: ({ attempt }) => (attempt < 4 ? { kind: 'lost' } : { kind: 'output', text: '"found"' }),
      },
    );
    expect(result.tasks.get('slow')).toMatchObject({ state: 'failed', reason: 'timeout' });
    expect(result.tasks.get('slow')?.instances[0]?.attempts.map((one) => one.endedAtMs)).toEqual([30_000, 60_000]);
    expect(result.tasks.get('wrong')?.instances[0]).toMatchObject({ state: 'failed', tries: 1 });
    expect(result.tasks.get('lost')?.instances[0]).toMatchObject({ state: 'succeeded', tries: 1, output: '"found"' });
    expect(result.tasks.get('lost')?.instances[0]?.attempts).toHaveLength(4);
  });

  it('lets the type of the task say what is retried', async () => {
    const http = { type: 'http', url: 'https://example.com/${{ params.n }}', retry: { maxAttempts: 2, delay: '0s' } };
    const answer = (code: string) => (): Answer => ({ kind: 'error', message: code, code });
    const result = await run({ busy: http, gone: http }, { busy: answer('http.503'), gone: answer('http.404') });
    expect(result.tasks.get('busy')?.instances[0]).toMatchObject({ tries: 2, reason: 'http.503' });
    expect(result.tasks.get('gone')?.instances[0]).toMatchObject({ tries: 1, reason: 'http.404' });
    expect(result.tasks.get('busy')?.instances[0]?.fields).toMatchObject({
      method: 'GET',
      url: 'https://example.com/2',
    });
  });

  it('maps over lists with at most so many at once, and joins the outputs in the order of the list', async () => {
    const result = await run(
      {
        list: script(),
        each: script({
          needs: ['list'],
          map: { over: '${{ tasks.list.output }}', maxConcurrency: 2 },
          input: '${{ item }}',
        }),
        sum: script({ needs: ['each'], trigger: 'all_done', input: '${{ tasks.each.output }}' }),
        none: script({ map: { over: [] } }),
      },
      {
        list: gives([1, 2, 3, 4, 5]),
        each: ({ mapIndex, input }) => (mapIndex === 3 ? fails('four', false)() : gives(Number(input) * 10, 1_000)()),
      },
    );
    expect(result.tasks.get('each')).toMatchObject({ state: 'failed', mapLength: 5 });
    expect(result.tasks.get('sum')?.instances[0]?.input).toBe('[10,20,30,null,50]');
    // Two at once, a second each, and the fourth takes no time.
    expect(result.elapsedMs).toBe(2_000);
    expect(states(result)).toMatchObject({ none: 'skipped' });
  });

  it.each([
    ['all_success', { done: 'upstream_failed', run: 'failed' }],
    ['all_done', { done: 'succeeded', run: 'succeeded' }],
    ['one_failed', { done: 'succeeded', run: 'succeeded' }],
    ['none_failed', { done: 'upstream_failed', run: 'failed' }],
    ['all_failed', { done: 'skipped', run: 'succeeded' }],
  ])('judges needs that failed and succeeded by %s, and the run by its leaves', async (trigger, expected) => {
    const result = await run(
      { good: script(), bad: script(), done: script({ needs: ['good', 'bad'], trigger }) },
      { bad: fails('bad', false) },
    );
    expect({ done: states(result)['done'], run: result.state }).toEqual(expected);
  });

  it('skips by conditions, waits in virtual time, and fails a task whose expressions fail', async () => {
    const result = await run(
      {
        a: script(),
        no: script({ needs: ['a'], when: '${{ tasks.a.output > 5 }}' }),
        after: script({ needs: ['no'] }),
        nap: { type: 'wait', needs: ['a'], seconds: '${{ tasks.a.output }}' },
        until: { type: 'wait', until: '2030-01-02T00:00:00Z' },
        broken: script({ needs: ['a'], input: '${{ tasks.a.output.missing }}' }),
        undecided: script({ needs: ['a'], when: '${{ tasks.a.output }}' }),
      },
      { a: gives(5) },
    );
    expect(states(result)).toEqual({
      a: 'succeeded',
      no: 'skipped',
      after: 'skipped',
      nap: 'succeeded',
      until: 'succeeded',
      broken: 'failed',
      undecided: 'failed',
    });
    expect(result.elapsedMs).toBe(86_400_000);
    expect(result.tasks.get('broken')).toMatchObject({ reason: 'input_error' });
    expect(result.tasks.get('undecided')?.reason).toMatch(/^expression\.not_a_condition/);
  });

  it('is cancelled in the middle of it', async () => {
    const result = await run(
      { long: script(), next: script({ needs: ['long'] }), nap: { type: 'wait', for: '1h' } },
      { long: gives(1, 60_000) },
      { cancelAfterMs: 10_000 },
    );
    expect(result).toMatchObject({ state: 'cancelled', elapsedMs: 10_000 });
    expect(states(result)).toEqual({ long: 'cancelled', next: 'cancelled', nap: 'cancelled' });
  });

  it('refuses params that do not fit, and takes ten thousand instances', async () => {
    expect(() => run({ a: script() }, {}, { params: { n: 'x' } })).toThrow('/params/n must be integer');
    const list = Array.from({ length: 10_000 }, (_, index) => index);
    const mapped = { list: script(), each: script({ needs: ['list'], map: { over: '${{ tasks.list.output }}' } }) };
    const result = await run(mapped, { list: gives(list) });
    expect(result.state).toBe('succeeded');
    expect(result.tasks.get('each')?.instances).toHaveLength(10_000);
  });
});

describe('a folder with tests', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'millrace-rehearse-spec-')));
    await write('src/half.ts', half);
    await write('src/half.json', '{ "divisor": 2 }');
    await write('pipelines/p.yaml', definition);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function write(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }

  async function report(tests: string): Promise<{ text: string; xml: string; ok: boolean }> {
    await write('tests/p.test.yaml', tests);
    const result = await rehearse({ folder });
    const problems = result.problems.map(
      ({ file, line, column, code, message }) => `${file ?? ''}:${line ?? 0}:${column ?? 0} ${code} ${message}`,
    );
    const cases = result.cases.flatMap((one) => caseLines(one, plainStyle));
    return { text: [...problems, ...cases].join('\n').replace(/ \d+ ms$/gm, ''), xml: junitXml(result), ok: result.ok };
  }

  it('runs real code in a process, with what lies beside it, and keeps an error’s class', async () => {
    const { text, ok } = await report(`
pipeline: p
cases:
  - name: real
    real: true
    params: { n: 8 }
    mocks: { load: { output: { rowCount: 1, columns: [], rows: [] } } }
    expect: { outputs: { half: 4 }, fields: { load: { params: [4] } } }
  - name: odd
    real: [half]
    params: { n: 7 }
    expect:
      state: failed
      tasks: { half: { state: failed, tries: 1, reason: ODD }, load: upstream_failed }
`);
    expect(text).toBe('✓ p: real\n✓ p: odd');
    expect(ok).toBe(true);
  });

  it('shows what differs, where it was expected, also as JUnit XML', async () => {
    const { text, xml, ok } = await report(`pipeline: p
cases:
  - name: wrong <all> over
    params: { n: 8 }
    mocks:
      half: [{ error: "busy & tired", delay: 3s }, { output: [1, { a: 2 }] }]
      load: { error: no }
    expect:
      within: 2s
      tasks:
        half: { state: succeeded, tries: 1 }
        load: skipped
        none: succeeded
      outputs:
        half: [1, { a: 3 }]
      check: ["size(tasks.half.output) == 9"]
`);
    expect(ok).toBe(false);
    expect(text).toBe(`✗ p: wrong <all> over
    tests/p.test.yaml:9:7 the run is failed, not succeeded (load: no)
    tests/p.test.yaml:9:15 the run takes 4s, more than 2s
    tests/p.test.yaml:11:42 half has tries 2, not 1
    tests/p.test.yaml:12:15 load is failed, not skipped: no
    tests/p.test.yaml:13:15 the pipeline "p" has no task "none"
    tests/p.test.yaml:15:15 the output of half differs
      - [1].a: 3
      + [1].a: 2
    tests/p.test.yaml:16:15 does not hold: size(tasks.half.output) == 9`);
    expect(xml).toContain('<testsuites tests="1" failures="1" errors="0"');
    expect(xml).toContain('name="wrong &lt;all&gt; over" classname="p" file="tests/p.test.yaml" line="3"');
  });

  it('says what keeps a case from being carried out', async () => {
    const { text, xml } = await report(`pipeline: p
cases:
  - { name: a, params: { n: 1 } }
  - { name: b, params: { n: x } }
  - { name: c, params: { n: 1 }, mocks: { other: { output: 1 } } }
  - { name: d, params: { n: 1 }, pipeline: q }
  - { name: e, params: { n: 1 }, mocks: { half: { output: 1 }, load: { real: true } } }
  - { name: f, params: { n: 1 }, recorded: none.json }
`);
    expect(text).toBe(`✗ p: a
    tests/p.test.yaml:3 the task "half" has no mock
      write mocks: { half: { output: … } }, or \`real: true\` to run its code
✗ p: b
    tests/p.test.yaml:4 the params do not fit the pipeline's schema: /params/n must be integer
✗ p: c
    tests/p.test.yaml:5 "p" has no task "other" to mock
✗ q: d
    tests/p.test.yaml:6 the bundle has no pipeline "q"; it has p
✗ p: e
    tests/p.test.yaml:7 "load" is of type sql: only node tasks can be real
✗ p: f
    tests/p.test.yaml:8 there is no file "tests/none.json"`);
    expect(xml).toContain('errors="6"');
  });

  it('refuses test files with mistakes before anything runs', async () => {
    const { text } = await report(`pipeline: p
cases:
  - name: a
    parms: {}
  - name: b
    mocks:
      half: { outptu: 1 }
      load: { output: 1, error: x }
    expect: { state: done, within: soon }
  - { name: c, mocks: { half: { items: 3 } }, expect: { tasks: { half: succeded } } }
`);
    expect(text).toBe(`tests/p.test.yaml:4:5 test.unknown_field there is no field "parms" here
tests/p.test.yaml:7:15 test.unknown_field there is no field "outptu" here
tests/p.test.yaml:8:13 test.mock a mock has exactly one of "output", "error", "lost" and "real"
tests/p.test.yaml:9:22 test.invalid_value "state" must be succeeded, failed or cancelled
tests/p.test.yaml:9:36 test.invalid_value "within" must be a duration such as "500ms", "10s" or "1h30m", not "soon"
tests/p.test.yaml:10:40 test.mock "items" is a list with the answers of each item, and stands alone
tests/p.test.yaml:10:72 test.invalid_value "succeded" is no state: it is one of succeeded, failed, skipped, upstream_failed, cancelled, waiting`);
  });

  it('takes recorded outputs, which mocks override', async () => {
    await write(
      'tests/run.json',
      '{"data":[{"taskId":"half","mapIndex":-1,"bytes":2,"text":"21","large":false},{"taskId":"load","mapIndex":-1,"bytes":2,"text":"{}"}]}',
    );
    const { text } = await report(`
pipeline: p
cases:
  - { name: all, params: { n: 1 }, recorded: run.json, expect: { outputs: { half: 21, load: {} } } }
  - { name: but one, params: { n: 1 }, recorded: run.json, mocks: { load: { error: down } }, expect: { state: failed } }
`);
    expect(text).toBe('✓ p: all\n✓ p: but one');
  });
});

describe('the sample orders', () => {
  it('passes its tests in under two seconds', async () => {
    const result = await rehearse({ folder: join(checkout, 'samples', 'orders') });
    expect(result.cases.flatMap((one) => caseLines(one, plainStyle)).filter((line) => !line.startsWith('✓'))).toEqual(
      [],
    );
    expect(result.ok).toBe(true);
    expect(summaryLine(result, plainStyle)).toMatch(/^\d+ cases passed in \d+\.\d\d s$/);
  });
});

const half = `import { readFile } from 'node:fs/promises';
export default async function half(input: { n: number }): Promise<number> {
  const { divisor } = JSON.parse(await readFile(new URL('half.json', import.meta.url), 'utf8')) as { divisor: number };
  if (input.n % divisor !== 0) throw Object.assign(new Error('it is odd'), { code: 'ODD', retryable: false });
  return input.n / divisor;
}
`;

const definition = `pipeline: p
params: { type: object, required: [n], properties: { n: { type: integer } } }
tasks:
  half:
    type: node
    entry: src/half.ts
    input: { n: "\${{ params.n }}" }
    retry: { maxAttempts: 3, delay: 1s, jitter: none }
  load:
    type: sql
    connection: w
    connections: [w]
    needs: [half]
    statement: select $1
    params: ["\${{ tasks.half.output }}"]
`;
