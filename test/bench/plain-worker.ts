/**
 * Plain Temporal in two processes, as ours are: `workflow` has the client on its worker's connection (so that starts are
 * eager, as ours are), `activity` executes. Worker options are those of the platform's own workers.
 */
import { fileURLToPath } from 'node:url';
import { connectClient, connectNative, installRuntime } from '@millrace/temporal';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { monotonicMs } from './bundle.js';
import * as activities from './plain-activities.js';
import { plain, type PlainInput } from './plain-workflows.js';

export interface PlainOrder {
  readonly id: number;
  readonly workflowId: string;
  readonly input: PlainInput;
}
export interface PlainAnswer {
  readonly id: number;
  /** Monotonic milliseconds at which the start was asked for. */
  readonly startedAt: number;
  readonly results?: Awaited<ReturnType<typeof plain>>;
  readonly error?: string;
}

const [role, address = '', namespace = '', taskQueue = '', slotsText = '4'] = process.argv.slice(2);
const slots = Number(slotsText);
const silent = (): void => undefined;
const log = { trace: silent, debug: silent, info: silent, warn: silent, error: silent, fatal: silent };
installRuntime({ log });
const connection = await connectNative({ address, namespace });

async function makeWorker(): Promise<Worker> {
  if (role === 'activity') {
    return Worker.create({
      connection,
      namespace,
      taskQueue,
      activities,
      maxConcurrentActivityTaskExecutions: slots,
      activityTaskPollerBehavior: { type: 'simple-maximum', maximum: Math.min(slots, 4) },
      maxHeartbeatThrottleInterval: 1_000,
      defaultHeartbeatThrottleInterval: 1_000,
    });
  }
  const workflowsPath = fileURLToPath(new URL('./plain-workflows.js', import.meta.url));
  const client = await connectClient({ address, namespace }, connection);
  process.on('message', (order: PlainOrder) => {
    const startedAt = monotonicMs();
    const answer = (more: Partial<PlainAnswer>): void => void process.send?.({ id: order.id, startedAt, ...more });
    client.workflow
      .start(plain, {
        workflowId: order.workflowId,
        taskQueue,
        args: [order.input],
        requestEagerStart: true,
      })
      .then((handle) => handle.result())
      .then(
        (results) => answer({ results }),
        (error: unknown) => answer({ error: String(error) }),
      );
  });
  return Worker.create({
    connection,
    namespace,
    taskQueue,
    workflowBundle: await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN', silent) }),
    enableNonLocalActivities: false,
    maxCachedWorkflows: 600,
    maxConcurrentWorkflowTaskExecutions: 40,
    maxConcurrentLocalActivityExecutions: 100,
    stickyQueueScheduleToStartTimeout: '5 seconds',
  });
}

const worker = await makeWorker();
process.once('disconnect', () => worker.shutdown());
process.send?.('ready');
await worker.run();
await connection.close();
