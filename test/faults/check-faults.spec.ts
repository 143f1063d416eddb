import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Report {
  readonly ok: boolean;
  readonly complete: boolean;
  readonly runs: number;
  readonly lost: number;
  readonly doubled: number;
  readonly repeated: number;
  readonly ghosts: number;
  readonly debts: number;
  readonly ledger_equal: boolean;
  readonly slots_held: number;
}

/** The last line of `check:faults`, and all that it said, for when it is not as expected. */
function checkFaults(args: readonly string[]): Promise<{ report: Report; output: string }> {
  return new Promise((resolve, reject) => {
    let output = '';
    const child = spawn(process.execPath, ['test/dist/faults/check-faults.js', ...args], { cwd: root });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.once('error', reject);
    child.once('close', () => {
      const last = output.split('\n').findLast((line) => line.startsWith('{'));
      if (last === undefined) reject(new Error(`check:faults gave no report:\n${output}`));
      else resolve({ report: JSON.parse(last) as Report, output });
    });
  });
}

describe('the storms of faults, in their quick form', () => {
  it('lose nothing, double nothing and charge what ran', async () => {
    const { report, output } = await checkFaults(['--quick']);

    expect(report, output).toMatchObject({
      complete: true,
      lost: 0,
      doubled: 0,
      repeated: 0,
      ghosts: 0,
      debts: 0,
      ledger_equal: true,
      slots_held: 0,
      ok: true,
    });
    expect(report.runs).toBeGreaterThan(0);
  }, 400_000);

  it.each([
    ['the fence is off', 'no-fence', 'doubled'],
    ['offers that come too late are begun', 'no-tombstone', 'ghosts'],
    ['debts that were paid are kept', 'no-outbox-delete', 'debts'],
  ] as const)(
    'notice when %s',
    async (_, plant, found) => {
      const { report, output } = await checkFaults(['--quick', '--plant', plant]);

      expect(report.complete, output).toBe(true);
      expect(report.ok, output).toBe(false);
      expect(report[found], output).toBeGreaterThan(0);
    },
    400_000,
  );
});
