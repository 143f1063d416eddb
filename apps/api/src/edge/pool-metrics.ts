import { metrics } from '@millrace/platform';
import { Gauge } from 'prom-client';
import type { ConnectionPool } from './tokens.js';

interface DriverPool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

const sources = new Map<string, ConnectionPool>();

const connections = new Gauge({
  name: 'millrace_database_connections',
  help: 'Connections of a pool, by state; waiting: requests that wait for one.',
  labelNames: ['role', 'state'],
  registers: [metrics],
  collect() {
    for (const [role, source] of sources) {
      const { master } = source.driver as unknown as { readonly master: DriverPool | undefined };
      if (master === undefined) continue;
      connections.set({ role, state: 'busy' }, master.totalCount - master.idleCount);
      connections.set({ role, state: 'idle' }, master.idleCount);
      connections.set({ role, state: 'waiting' }, master.waitingCount);
    }
  },
});

/** Shows the pool in `/metrics` under this role. */
export function measurePool(role: string, source: ConnectionPool): void {
  sources.set(role, source);
}
