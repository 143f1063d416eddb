import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { growths, type Sample } from './samples.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Report {
  readonly ok: boolean;
  readonly complete: boolean;
  readonly grown: readonly string[];
  readonly failed: readonly string[];
}

function checkSoak(args: readonly string[]): Promise<{ report: Report; output: string }> {
  return new Promise((resolve, reject) => {
    let output = '';
    const child = spawn(process.execPath, ['test/dist/soak/check-soak.js', ...args], { cwd: root });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.once('error', reject);
    child.once('close', () => {
      const last = output.split('\n').findLast((line) => line.startsWith('{'));
      if (last === undefined) reject(new Error(`check:soak gave no report:\n${output}`));
      else resolve({ report: JSON.parse(last) as Report, output });
    });
  });
}

describe('the soak, in its quick form', () => {
  it('works off mixed load, leaves nothing behind, and notices sockets that nobody closes', async () => {
    const { report, output } = await checkSoak(['--quick', '--plant', 'leak-sockets']);
    expect(report, output).toMatchObject({ complete: true, failed: [], ok: false });
    // In so short a time caches are still filling: only what was planted is held against it.
    expect(report.grown, output).toContain('sockets of api');
  }, 240_000);

  it('tells growth from noise', () => {
    const sample = (atMs: number, api: number): Sample => ({
      atMs,
      memory: { api: api * 2 ** 20 },
      sockets: {},
      leases: atMs % 5,
      slots: 0,
      debts: 0,
      debtAgeMs: 0,
    });
    const chains = Array.from({ length: 101 }, (_, at) => ({ atMs: at * 10, ms: 100 + (at % 7) }));
    const steady = Array.from({ length: 101 }, (_, at) => sample(at * 10, 100 + (at % 9)));
    expect(growths(steady, chains).filter(({ grown }) => grown)).toEqual([]);
    const growing = Array.from({ length: 101 }, (_, at) => sample(at * 10, 100 + at));
    expect(growths(growing, chains).flatMap(({ grown, what }) => (grown ? [what] : []))).toEqual([
      'memory of api, MiB',
    ]);
    const slower = chains.map(({ atMs }) => ({ atMs, ms: 100 + atMs }));
    expect(growths(steady, slower).flatMap(({ grown, what }) => (grown ? [what] : []))).toEqual([
      'a chain from call to end, ms',
    ]);
  });
});
