import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { ControlDatabase } from '@millrace/database';
import type { EndedAttempt } from '@millrace/runs';
import { observeStart } from '../edge/index.js';

const names = [
  'millrace_gateway_connections',
  'millrace_attempts_begun_total',
  'millrace_attempts_ended_total',
  'millrace_refusals_total',
  'millrace_gateway_transaction_seconds',
  'millrace_attempt_start_seconds',
  'millrace_attempts_live',
  'millrace_slots_leaked',
];

/** How an attempt came to its runner: `fused` where the runner went on from another one of the same stretch. */
export type BegunHow = 'direct' | 'offered' | 'queued' | 'fused';

/** The gateway's part of `/metrics`. Counters are of this process; live leases and leaked slots of the whole platform. */
export class GatewayMetrics {
  readonly connections: Gauge;
  readonly begun: Counter<'how'>;
  readonly refused: Counter<'operation'>;
  readonly transactions: Histogram<'kind'>;
  private readonly ends: Counter<'state'>;
  private readonly startDelay: Histogram<'way'>;

  constructor(registry: Registry, control: ControlDatabase) {
    const registers = [registry];
    // A process that opens a second gateway (specs do) counts for that one from then on.
    for (const name of names) registry.removeSingleMetric(name);
    this.connections = new Gauge({
      name: 'millrace_gateway_connections',
      help: 'Runners that are connected to this process.',
      registers,
    });
    this.begun = new Counter({
      name: 'millrace_attempts_begun_total',
      help: 'Attempts handed to runners by this process: pushed directly or after an offer, taken from the queue, or fused to another.',
      labelNames: ['how'],
      registers,
    });
    this.ends = new Counter({
      name: 'millrace_attempts_ended_total',
      help: 'Attempts ended through this process, by state.',
      labelNames: ['state'],
      registers,
    });
    this.refused = new Counter({
      name: 'millrace_refusals_total',
      help: 'Writes of leases that were over, refused and put on record by this process.',
      labelNames: ['operation'],
      registers,
    });
    this.transactions = new Histogram({
      name: 'millrace_gateway_transaction_seconds',
      help: 'Time of the transactions that runners ask for.',
      labelNames: ['kind'],
      buckets: [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
      registers,
    });
    this.startDelay = new Histogram({
      name: 'millrace_attempt_start_seconds',
      help: 'From the moment at which a task was ready to the first instruction of its code.',
      labelNames: ['way'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
      registers,
    });
    // Asked for by whoever scrapes: an idle platform asks nothing.
    new Gauge({
      name: 'millrace_attempts_live',
      help: 'Live leases of the whole platform.',
      registers,
      async collect() {
        this.set(await countOf(control, `select count(*) as n from attempts where state = 'leased'`));
      },
    });
    new Gauge({
      name: 'millrace_slots_leaked',
      help: 'Slots of the whole platform without a live lease; must be 0.',
      registers,
      async collect() {
        this.set(
          await countOf(
            control,
            `select count(*) as n from slots s where not exists (select from attempts a
             where a.tenant_id = s.tenant_id and a.id = s.attempt_id and a.state = 'leased')`,
          ),
        );
      },
    });
  }

  ended(attempt: EndedAttempt): void {
    this.ends.inc({ state: attempt.state });
    if (attempt.startedAt === null) return;
    const delayMs = attempt.startedAt.getTime() - attempt.acceptedAt.getTime();
    this.startDelay.observe({ way: attempt.way }, Math.max(0, delayMs) / 1000);
    const { poolId, runCreatedAt, startedAt } = attempt;
    if (attempt.firstOfRun) observeStart({ poolId, runCreatedAt, startedAt });
  }
}

function countOf(control: ControlDatabase, sql: string): Promise<number> {
  return control.transaction(async (tx) => {
    const [row] = await tx.query<{ n: string }>(sql);
    return Number(row?.n ?? 0);
  });
}
