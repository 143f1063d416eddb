import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunnerAssignment, runnerExitCodes } from '@millrace/contracts/assignment';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assignmentLine, poolUser, startProcess } from './spec-process.js';

const isRoot = process.getuid?.() === 0;

describe('the process of a runner', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'millrace-'));
    await chmod(home, 0o700);
    if (isRoot) await chown(home, poolUser.uid, poolUser.gid);
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  const start = () => startProcess(process.env['PATH']);
  const assignment = (extra: Partial<RunnerAssignment> = {}): string => assignmentLine(home, extra);

  it('leaves when nobody needs it any more, or is told to, before it belongs to anybody', async () => {
    const unneeded = start();
    unneeded.child.stdin.end();
    expect((await unneeded.ended).code).toBe(runnerExitCodes.drained);
  });

  it('refuses an assignment that it does not understand, and shows nothing of it', async () => {
    const { child, ended } = start();
    child.stdin.write(assignment().replace('"format":1', '"format":2'));
    const { code, output } = await ended;
    expect(code).toBe(runnerExitCodes.failed);
    expect(output).toContain('/format');
    expect(output).not.toContain('not-to-be-seen');
  });

  it('waits for a gateway that is not there, and leaves when told to', async () => {
    const { child, ended, said } = start();
    child.stdin.write(assignment());
    await said('the gateway cannot be reached');
    child.kill('SIGTERM');
    const { code, output } = await ended;
    expect(code).toBe(runnerExitCodes.drained);
    expect(output).not.toContain('not-to-be-seen');
  });

  it('gives up when there is no gateway for too long', async () => {
    const { child, ended } = start();
    child.stdin.write(assignment({ orphanMs: 1_500 }));
    expect((await ended).code).toBe(runnerExitCodes.orphaned);
  });
});
