import { proxyActivities } from '@temporalio/workflow';
import type * as activities from './plain-activities.js';

export interface PlainInput {
  readonly shape: 'chain40' | 'long10' | 'fan200' | 'burst50' | 'trigger';
  readonly tasks: number;
  readonly cpuMs: number;
  /** Queue of the activities, whose worker is a process of its own as a pool's runner is. */
  readonly taskQueue: string;
}

/** What somebody would write by hand for the same work. */
export async function plain({ shape, tasks, cpuMs, taskQueue }: PlainInput): Promise<activities.PlainResult[]> {
  const { step, burn } = proxyActivities<typeof activities>({
    taskQueue,
    startToCloseTimeout: '5 minutes',
    heartbeatTimeout: '10 seconds',
    retry: { maximumAttempts: 1 },
  });
  if (shape === 'fan200') {
    return Promise.all(Array.from({ length: tasks }, (_, index) => step({ name: 't1', mapIndex: index, n: index })));
  }
  const results: activities.PlainResult[] = [];
  for (let place = 1; place <= tasks; place += 1) {
    const input = { name: `t${place}`, mapIndex: -1, n: results.at(-1)?.n ?? 0 };
    results.push(shape === 'long10' ? await burn({ ...input, cpuMs }) : await step(input));
  }
  return results;
}
