import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkSteps, type Step } from './read-back.js';
import type { Row, Summary } from './rows.js';

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
    expect([...names]).toEqual(['chain40', 'fan200', 'burst50', 'trigger', 'cold', 'api list', 'api start']);
    for (const row of rows.filter(({ mode, workload }) => mode !== null && workload !== 'cold')) {
      expect(row.ratio, row.workload).toBeGreaterThan(0);
      expect(row.tier).toBe('standard');
    }
    expect(summary.machine?.fsync_ms).toBeGreaterThan(0);
    expect(summary.idle_pss_mib).toBeGreaterThan(100);
  }, 400_000);

  it('fails where a line of a log is lost behind its back', async () => {
    const args = ['--quick', '--only', 'trigger', '--modes', 'reuse', '--plant', 'lost-log'];
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
});
