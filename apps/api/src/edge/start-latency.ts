import { metrics } from '@millrace/platform';
import { Histogram } from 'prom-client';

const startLatency = new Histogram({
  name: 'millrace_run_start_seconds',
  help: 'From the creation of a run to the first instruction of its first task, by the pool that executed it.',
  labelNames: ['pool'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
  registers: [metrics],
});

export interface FirstStart {
  readonly poolId: string;
  readonly runCreatedAt: Date;
  readonly startedAt: Date;
}

/** Counts how soon a run began: once for each run, when the first attempt of it that has begun ends. */
export function observeStart({ poolId, runCreatedAt, startedAt }: FirstStart): void {
  const seconds = (startedAt.getTime() - runCreatedAt.getTime()) / 1000;
  startLatency.observe({ pool: poolId }, Math.max(0, seconds));
}
