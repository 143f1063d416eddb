import type { Head, RunRef, Stretch, StretchEnd, StretchReport } from '@millrace/contracts';
import type { TenantDatabase } from '@millrace/database';
import type { TenantId } from '@millrace/kernel';
import { VersionCache } from '@millrace/pipelines';
import { BeginAttempt, EndAttempt, type WorkSource } from '@millrace/runs';
import { ApplicationFailure, Context } from '@temporalio/activity';
import { type NativeConnection, Worker } from '@temporalio/worker';

/** One attempt as the work of a spec sees it. */
export type SpecAttempt = RunRef & Head;

export interface SpecRunnerOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly tenants: TenantDatabase;
  readonly runnerId: string;
  readonly poolId: string;
  /** The task's own work: gives the output as JSON text, or throws to fail the try. */
  readonly work?: (input: SpecAttempt) => Promise<string>;
}

/** There is no sandbox here, so nothing of what a task may know is made. */
const noWork: WorkSource = {
  resolve: () =>
    Promise.resolve({
      type: 'shell',
      config: {},
      params: '{}',
      secrets: {},
      connections: [],
      variables: {},
      timeoutMs: 60_000,
      memoryBytes: 1,
      egressOpen: [],
    }),
};

/** A runner without gateway and sandbox: it leases and ends attempts in the database, as the gateway does for one. */
export async function specRunner(options: SpecRunnerOptions): Promise<Worker> {
  const { tenants, runnerId, poolId, work = () => Promise.resolve('1') } = options;
  const begin = new BeginAttempt(new VersionCache(), noWork);
  const end = new EndAttempt();

  async function executeStretch({ tenantId, runId, heads }: Stretch): Promise<StretchReport> {
    const beat = setInterval(() => Context.current().heartbeat(), 200);
    try {
      const ends: StretchEnd[] = [];
      for (const head of heads) ends.push(await execute({ tenantId, runId, ...head }));
      return { ends };
    } finally {
      clearInterval(beat);
    }
  }

  async function execute(input: SpecAttempt): Promise<StretchEnd> {
    const tenantId = input.tenantId as TenantId;
    const { taskId, mapIndex, dispatch } = input;
    const begun = await tenants.transaction(tenantId, (tx) =>
      begin.execute(tx, { ...input, runner: { runnerId, poolId, tier: 'none' } }),
    );
    if (begun.outcome === 'ended') {
      const { outcome: _, ...rest } = begun;
      return { taskId, mapIndex, dispatch, ...rest };
    }
    if (begun.outcome !== 'leased') throw ApplicationFailure.create({ message: begun.outcome, nonRetryable: true });
    const result = await Promise.race([attempt(input), cancelled()]);
    const { attemptId, fence } = begun.lease;
    await tenants.transaction(tenantId, (tx) =>
      end.execute(tx, { runId: input.runId, attemptId, fence, runnerId, end: { ...result, ...costs() } }),
    );
    return { taskId, mapIndex, dispatch, state: result.state, retryable: result.retryable, fence };
  }

  async function attempt(input: SpecAttempt) {
    try {
      return { state: 'succeeded' as const, retryable: false, output: await work(input) };
    } catch {
      return { state: 'failed' as const, retryable: true, reason: 'exit_code' };
    }
  }

  return Worker.create({
    connection: options.connection,
    namespace: options.namespace,
    taskQueue: options.taskQueue,
    activities: { executeStretch },
    maxHeartbeatThrottleInterval: 200,
    shutdownForceTime: '3 seconds',
  });
}

async function cancelled(): Promise<{ state: 'cancelled'; retryable: false }> {
  await Context.current().cancelled.catch(() => undefined);
  return { state: 'cancelled', retryable: false };
}

function costs() {
  return { startedAtMs: Date.now(), endedAtMs: Date.now(), wallMs: 1, cpuMs: 1, peakRssBytes: 1, lastLogSeq: 0 };
}
