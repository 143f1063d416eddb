import {
  type CancelSignal,
  cancelSignalName,
  runnerLostSignalName,
  type RunnerLostSignal,
  type RunRef,
  type RunResult,
} from '@millrace/contracts';
import { CancellationScope, continueAsNew, defineSignal, setHandler } from '@temporalio/workflow';
import { type Arrival, control, RunDriver } from './run-driver.js';
import { type RunSnapshot } from './task-progress.js';

/** Input of the run workflow; `carried` is there only when it continues an earlier execution. */
export interface RunInput extends RunRef {
  readonly carried?: RunSnapshot;
  /** How often the run was started again from its rows, because the workflow before was lost; absent, never. */
  readonly restarts?: number;
}

const cancelSignal = defineSignal<[CancelSignal]>(cancelSignalName);
const runnerLostSignal = defineSignal<[RunnerLostSignal]>(runnerLostSignalName);

/** Interprets the plan of one run. Everything it decides comes from the run machine; the driver only carries it out. */
export async function run(input: RunInput): Promise<RunResult> {
  const inbox: Arrival[] = [];
  const cancel: Arrival = { kind: 'cancel' };
  setHandler(cancelSignal, () => void inbox.push(cancel));
  setHandler(runnerLostSignal, (signal) => void inbox.push({ kind: 'runnerLost', signal }));
  // An operator who cancels the workflow itself means the run.
  CancellationScope.current().cancelRequested.catch(() => void inbox.push(cancel));

  const end = await CancellationScope.nonCancellable(async () => {
    const ref: RunRef = { tenantId: input.tenantId, runId: input.runId };
    const restarted = input.restarts !== undefined && input.carried === undefined;
    const loaded = await control.loadRun(restarted ? { ...ref, restarted } : ref);
    return new RunDriver(ref, loaded, inbox, input.carried).drive();
  });
  if (end.kind === 'finished') return end.result;
  return continueAsNew<typeof run>({ tenantId: input.tenantId, runId: input.runId, carried: end.carried });
}
