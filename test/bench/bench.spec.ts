import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkSteps, type Step } from './read-back.js';
import type { Row, Summary } from './rows.js';
import { type AttemptView, checkWay, countTaken } from './ways.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The rows and the last line of the bench, and what it said on the way, for when it is not as expected. */
function bench(args: readonly string[]): Promise<{ rows: Row[]; summary: Summary; code: number | null; said: string }> {
  return new Promise((resolve, reject) => {
    const output = { stdout: '', stderr: '' };
    const child = spawn(process.execPath, ['test/dist/bench/main.js', '--json', ...args], { cwd: root });
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    child.once('error', reject);
    child.once('close', (code) => {
      const lines = output.stdout.split('\n').filter((line) => line.startsWith('{'));
      const parsed = lines.map((line) => JSON.parse(line) as Row | Summary);
      const summary = parsed.pop() as Summary | undefined;
      if (summary === undefined) reject(new Error(`the bench said nothing:\n${output.stderr}`));
      else resolve({ rows: parsed as Row[], summary, code, said: output.stderr });
    });
  });
}

describe('the bench, in its quick form', () => {
  it('measures every workload beside plain Temporal and reads everything back', async () => {
    const { rows, summary, code, said } = await bench(['--quick']);

    expect(summary.error, said).toBeUndefined();
    expect([code, summary.complete]).toEqual([0, true]);
    const names = new Set(rows.map(({ workload }) => workload));
    const shapes = ['chain40', 'fan200', 'burst50', 'burst50 work', 'trigger'];
    expect([...names]).toEqual([...shapes, 'cold', 'api list', 'api start']);
    const measured = rows.filter(({ workload }) => shapes.includes(workload));
    for (const row of measured) {
      expect(row.ratio, row.workload).toBeGreaterThan(0);
      expect(row.tier).toBe('standard');
      expect(row.hops?.to_code, row.workload).toBeGreaterThanOrEqual(0);
    }
    const ways = (workload: string) => [
      ...new Set(measured.filter((row) => row.workload === workload).map(({ way }) => way)),
    ];
    expect(ways('trigger')).toEqual(['direct', 'offered', 'queued']);
    expect(ways('chain40')).toEqual(['fused', 'offered', 'queued']);
    expect(rows.find((row) => row.workload === 'chain40' && row.way === 'fused')?.fsyncs_per_task).toBeGreaterThan(0);
    expect(summary.machine?.fsync_ms).toBeGreaterThan(0);
    expect(summary.idle_pss_mib).toBeGreaterThan(100);
  }, 900_000);

  it('fails where a line of a log is lost behind its back', async () => {
    const args = ['--quick', '--only', 'trigger', '--modes', 'reuse', '--ways', 'queued', '--plant', 'lost-log'];
    const { rows, summary, code } = await bench(args);

    expect([code, summary.complete, rows]).toEqual([1, false, []]);
    expect(summary.error).toMatch(/ReadBackError: .*(misses lines|has the lines)/);
  }, 400_000);

  it.each([
    ['a value is another', { n: 7 }, /gave 7 in place of 2/],
    ['a value is missing', { n: undefined }, /gave nothing in place of 2/],
    ['a line is missing', { lines: [] }, /has the lines \[\]/],
    ['a line is doubled', { lines: ['line of t2 -1', 'line of t2 -1'] }, /has the lines/],
    ['a task is unknown', { task: 't9' }, /gave nothing in place of 2/],
  ] as [string, Partial<Step>, RegExp][])('fails where %s', (_what, wrong, said) => {
    const steps = [1, 2, 3].map((n): Step => ({ task: `t${n}`, mapIndex: -1, n, lines: [`line of t${n} -1`] }));
    const broken = steps.map((step, index) => (index === 1 ? { ...step, ...wrong } : step));
    expect(() => checkSteps('burst50', steps)).not.toThrow();
    expect(() => checkSteps('burst50', broken)).toThrow(said);
  });

  it('prints its usage', async () => {
    const child = spawn(process.execPath, ['test/dist/bench/main.js', '-h'], { cwd: root });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
    expect(said).toMatch(/^usage: npm run bench[^]*--ways[^]*--fsync-delay-ms/);
  });
});

describe('the way of a row', () => {
  const attempts = (count: number, of: (n: number) => Partial<AttemptView>): AttemptView[] =>
    Array.from({ length: count }, (_, n) => ({
      id: `att_${n}`,
      taskId: `t${n + 1}`,
      mapIndex: -1,
      state: 'succeeded',
      reason: null,
      way: 'direct',
      stretchId: null,
      acceptedAt: null,
      leasedAt: '2030-01-01T00:00:00.000Z',
      offeredAt: null,
      startedAt: null,
      endedAt: null,
      committedAt: null,
      ...of(n),
    }));
  const chain = (of: (n: number) => Partial<AttemptView>) => attempts(40, of);
  const stretch = (n: number) => ({ stretchId: n === 0 ? null : 'att_0' });

  it('is seen where it was taken', () => {
    expect(() => checkWay('chain40', 'fused', chain(stretch))).not.toThrow();
    expect(() =>
      checkWay(
        'chain40',
        'offered',
        chain(() => ({ way: 'offered' })),
      ),
    ).not.toThrow();
    expect(() =>
      checkWay(
        'fan200',
        'offered',
        attempts(200, (n) => ({ way: n < 9 ? 'offered' : 'queued' })),
      ),
    ).not.toThrow();
    expect(() =>
      checkWay(
        'fan200',
        'fused',
        attempts(200, (n) => stretch(n % 20)),
      ),
    ).not.toThrow();
  });

  it('counts apart what no runner took, and lets a fan of slow tasks be handed over in parts', () => {
    const declined = { state: 'lost', reason: 'declined' };
    const made = attempts(41, (n) => ({ way: 'offered', ...(n === 3 ? declined : {}) }));
    expect(() => checkWay('chain40', 'offered', made)).not.toThrow();
    expect(countTaken(made)).toMatchObject({ offered: 40, not_taken: 1 });
    const parts = attempts(200, (n) => stretch(n % 2));
    expect(() => checkWay('fan200', 'fused', parts, 'fresh')).not.toThrow();
    expect(() => checkWay('fan200', 'fused', parts, 'run')).toThrow(/100 attempts were part of no stretch/);
  });

  it.each([
    ['one went alone', 'chain40', 'fused', chain((n) => stretch(n % 39)), /2 attempts were part of no stretch/],
    [
      'one is part of a stretch',
      'chain40',
      'offered',
      chain((n) => ({ way: 'offered', ...stretch(n % 39 === 1 ? 1 : 0) })),
      /part of a stretch/,
    ],
    [
      'one was queued',
      'chain40',
      'offered',
      chain((n) => ({ way: n === 3 ? 'queued' : 'offered' })),
      /1 attempts took another/,
    ],
    [
      'one was pushed',
      'chain40',
      'queued',
      chain((n) => ({ way: n === 3 ? 'direct' : 'queued' })),
      /1 attempts took another/,
    ],
    ['one was repeated', 'chain40', 'queued', attempts(41, () => ({ way: 'queued' })), /41 attempts in place of 40/],
    [
      'one was lost with its runner',
      'chain40',
      'offered',
      attempts(41, (n) => ({ way: 'offered', ...(n === 3 ? { state: 'lost', reason: 'worker_lost' } : {}) })),
      /41 attempts in place of 40/,
    ],
    ['all were queued', 'fan200', 'offered', attempts(200, () => ({ way: 'queued' })), /none took it/],
  ] as const)('is refused where %s', (_what, shape, way, taken, said) => {
    expect(() => checkWay(shape, way, taken)).toThrow(said);
  });
});
