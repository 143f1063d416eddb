import type { PoolState } from '@millrace/pools';
import { Counter, Gauge, type Registry } from 'prom-client';

/** The controller's part of `/metrics`: totals, since a label per pool would make a series per customer. */
export class ControllerMetrics {
  readonly started: Counter;
  readonly ended: Counter<'reason'>;
  private readonly demand: Gauge;
  private readonly activePools: Gauge;
  private readonly runners: Gauge;

  constructor(registry: Registry) {
    const registers = [registry];
    this.started = new Counter({ name: 'millrace_runners_started_total', help: 'Runners started.', registers });
    this.ended = new Counter({
      name: 'millrace_runners_ended_total',
      help: 'Runners ended, by reason.',
      labelNames: ['reason'],
      registers,
    });
    this.demand = new Gauge({
      name: 'millrace_pool_demand',
      help: 'Queued and running tasks and builds, all pools together.',
      registers,
    });
    this.activePools = new Gauge({ name: 'millrace_pools_active', help: 'Pools with demand or runners.', registers });
    this.runners = new Gauge({ name: 'millrace_runners', help: 'Runner processes of this controller.', registers });
  }

  observe(pools: readonly PoolState[], runners: number): void {
    this.demand.set(pools.reduce((sum, pool) => sum + pool.demand, 0));
    this.activePools.set(pools.length);
    this.runners.set(runners);
  }
}
