import type { ControlDatabase, ControlTransaction } from '@millrace/database';
import type { Logger } from '@millrace/platform';

/** What Temporal is owed; it must never wait for anything else. */
export const temporalDebtKinds = ['start_run', 'cancel_run', 'runner_lost', 'build'] as const;
/** What people are owed: alerts that are counted, told and delivered, and timers that will cause some. */
export const alertDebtKinds = ['run_ended', 'deadline', 'alert_due', 'delivery'] as const;
/** Mails of accounts: each takes as long as the mail server does. */
export const mailDebtKinds = ['send_mail'] as const;

export type TemporalDebtKind = (typeof temporalDebtKinds)[number];
export type AlertDebtKind = (typeof alertDebtKinds)[number];
export type DebtKind = TemporalDebtKind | AlertDebtKind | (typeof mailDebtKinds)[number];

/** A row of the outbox: what a committed transaction still owes. */
export interface Debt<K extends DebtKind = TemporalDebtKind> {
  readonly id: string;
  readonly tenantId: string;
  readonly kind: K;
  readonly subject: string;
  readonly payload: unknown;
  readonly failures: number;
}

/** What became of a debt: `later` is tried again after the delay, `down` says that nothing can be paid at present. */
export type Payment =
  | { readonly outcome: 'paid' }
  | { readonly outcome: 'later'; readonly delayMs: number; readonly error: string }
  | { readonly outcome: 'down'; readonly error: string };

export interface RelayOptions<K extends DebtKind = TemporalDebtKind> {
  readonly control: ControlDatabase;
  /** The rows that this relay pays, Temporal's where absent; each kind has one relay, so that slow ones hold up no others. */
  readonly kinds?: readonly K[];
  /** Must be idempotent: a debt is paid again where the deletion of its row was lost. */
  readonly pay: (tx: ControlTransaction, debt: Debt<K>) => Promise<Payment>;
  readonly log: Logger;
  /** Loops that claim rows side by side, so that a slow batch holds nobody up. */
  readonly lanes?: number;
  readonly batchSize?: number;
  /** A fault that tests switch on: debts that were paid stay. */
  readonly keepsPaid?: boolean;
  /** How long an idle lane waits for a notification before it looks by itself. */
  readonly fallbackMs?: number;
}

interface DebtRow<K> {
  id: string;
  tenant_id: string;
  kind: K;
  subject: string;
  payload: unknown;
  failures: number;
}

const downPauseMs = 250;

/**
 * Pays the outbox. Rows are claimed with `skip locked` and stay locked until they are paid and deleted, so that any
 * number of relays may run and a killed one gives its rows back at once.
 */
export class OutboxRelay<K extends DebtKind = TemporalDebtKind> {
  private readonly idle = new Set<() => void>();
  private readonly lanes: Promise<void>[] = [];
  private stopped = false;
  private pending = false;

  constructor(private readonly options: RelayOptions<K>) {}

  start(): void {
    for (let lane = 0; lane < (this.options.lanes ?? 4); lane += 1) this.lanes.push(this.runLane());
  }

  /** There may be something new. */
  wake(): void {
    const [resume] = this.idle;
    if (resume === undefined) this.pending = true;
    else resume();
  }

  /** Finishes what is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const resume of [...this.idle]) resume();
    await Promise.all(this.lanes);
  }

  private async runLane(): Promise<void> {
    let troubleMs = 0;
    while (!this.stopped) {
      try {
        const result = await this.round();
        troubleMs = 0;
        if (result === 'down') await this.rest(downPauseMs, false);
        else if (result === 'empty') await this.rest(this.options.fallbackMs ?? 1_000, true);
        else if (result === 'full') this.wake();
      } catch (error) {
        this.options.log.warn({ err: error }, 'the outbox could not be read; trying again');
        troubleMs = Math.min(1_000, troubleMs * 2 + 50);
        await this.rest(troubleMs, false);
      }
    }
  }

  private async round(): Promise<'empty' | 'some' | 'full' | 'down'> {
    const limit = this.options.batchSize ?? 16;
    return this.options.control.transaction(async (tx) => {
      const rows = await tx.query<DebtRow<K>>(
        `select id, tenant_id, kind, subject, payload, failures from outbox
         where not_before <= now() and kind = any($2::text[]) order by not_before, id limit $1 for update skip locked`,
        [limit, this.options.kinds ?? temporalDebtKinds],
        'take_debts',
      );
      if (rows.length === 0) return 'empty';
      const payments = await Promise.all(rows.map((row) => this.pay(tx, row)));
      await this.record(tx, rows, payments);
      if (payments.every((payment) => payment.outcome === 'down')) return 'down';
      return rows.length === limit ? 'full' : 'some';
    });
  }

  private async pay(tx: ControlTransaction, row: DebtRow<K>): Promise<Payment> {
    const { id, kind, subject, payload, failures } = row;
    try {
      return await this.options.pay(tx, { id, tenantId: row.tenant_id, kind, subject, payload, failures });
    } catch (error) {
      this.options.log.error({ err: error, kind, subject, failures }, 'a debt could not be paid; it stays');
      const delayMs = Math.min(60_000, 250 * 2 ** Math.min(failures, 10));
      return { outcome: 'later', delayMs, error: error instanceof Error ? error.message : String(error) };
    }
  }

  private async record(
    tx: ControlTransaction,
    rows: readonly DebtRow<K>[],
    payments: readonly Payment[],
  ): Promise<void> {
    const paid = rows.filter((_, at) => payments[at]?.outcome === 'paid').map((row) => row.id);
    if (paid.length > 0 && this.options.keepsPaid !== true)
      await tx.query(`delete from outbox where id = any($1::bigint[])`, [paid], 'forget_debts');
    const later = rows.flatMap((row, at) => {
      const payment = payments[at];
      if (payment?.outcome !== 'later') return [];
      return [{ id: row.id, ms: payment.delayMs, error: payment.error.slice(0, 500) }];
    });
    if (later.length === 0) return;
    await tx.query(
      `update outbox o set failures = o.failures + 1, last_error = l.error,
         not_before = now() + make_interval(secs => l.ms / 1000)
       from jsonb_to_recordset($1::jsonb) as l (id bigint, ms double precision, error text) where o.id = l.id`,
      [JSON.stringify(later)],
    );
  }

  private rest(ms: number, wakeable: boolean): Promise<void> {
    if (this.stopped || (wakeable && this.pending)) {
      this.pending = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.idle.delete(finish);
        resolve();
      };
      const timer = setTimeout(finish, ms);
      if (wakeable) this.idle.add(finish);
    });
  }
}
