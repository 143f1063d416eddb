import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Report {
  readonly ok: boolean;
  readonly complete: boolean;
  readonly runs: number;
  readonly mismatches: number;
  readonly findings: number;
}

/** The last line of `check:ways`, and all that it said, for when it is not as expected. */
function checkWays(args: readonly string[]): Promise<{ report: Report; output: string }> {
  return new Promise((resolve, reject) => {
    let output = '';
    const child = spawn(process.execPath, ['test/dist/ways/check-ways.js', ...args], { cwd: root });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.once('error', reject);
    child.once('close', () => {
      const last = output.split('\n').findLast((line) => line.startsWith('{'));
      if (last === undefined) reject(new Error(`check:ways gave no report:\n${output}`));
      else resolve({ report: JSON.parse(last) as Report, output });
    });
  });
}

describe('random plans with every way forced, in the quick form', () => {
  it('become the same, and survive being cancelled at any moment', async () => {
    const { report, output } = await checkWays(['--quick']);

    expect(report, output).toMatchObject({ complete: true, mismatches: 0, findings: 0, ok: true });
    expect(report.runs).toBeGreaterThan(0);
  }, 400_000);

  it('notices when what is followed in a stretch loses a part of its log', async () => {
    const { report, output } = await checkWays([
      '--quick',
      '--plans',
      '6',
      '--cancels',
      '0',
      '--seed',
      '1',
      '--plant',
      'lose-log',
    ]);

    expect(report.complete, output).toBe(true);
    expect(report.ok, output).toBe(false);
    expect(report.mismatches, output).toBeGreaterThan(0);
  }, 400_000);
});
