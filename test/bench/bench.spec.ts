import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
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
  }, 400_000);

  it.each(['lost-log', 'wrong-output'])(
    'notices %s',
    async (plant) => {
      const { rows, summary, code } = await bench([
        '--quick',
        '--only',
        'trigger',
        '--modes',
        'reuse',
        '--plant',
        plant,
      ]);

      expect([code, summary.complete, rows]).toEqual([1, false, []]);
      expect(summary.error).toMatch(plant === 'lost-log' ? /misses lines|has the lines/ : /gave -1 in place of 1/);
    },
    400_000,
  );
});
