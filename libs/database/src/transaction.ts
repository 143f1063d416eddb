import { DomainError, type TenantId } from '@millrace/kernel';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import type { Hints } from './listener.js';
import { checkOut, type Session } from './session.js';

/** Rows as the driver gives them: `bigint` columns arrive as text. */
export type Row = Record<string, unknown>;

/** What every transaction offers; nothing outlives it. */
export interface Transaction {
  /**
   * One parameterised statement; positions are `$1`, `$2`, … Returns the rows (also of `… returning`). With a name, which
   * stands for this very text everywhere, each connection parses and plans it once: for what runs with every task.
   */
  query<R extends object = Row>(sql: string, parameters?: readonly unknown[], name?: string): Promise<R[]>;
  /**
   * A statement whose result nobody needs: it is sent without waiting, and as the last one together with the commit. Where
   * it fails, so does the transaction.
   */
  append(sql: string, parameters: readonly unknown[], name: string): void;
  /** Hints to other processes that something is new, once the transaction has been committed; see {@link Hints}. */
  notify(channel: string, payload: string): void;
  /** Runs the work once the transaction has been committed, and never if it has not. */
  afterCommit(work: () => void | Promise<void>): void;
}

/** A transaction that sees one tenant's rows and no other (forced row-level security under `millrace_app`). */
export interface TenantTransaction extends Transaction {
  readonly tenantId: TenantId;
}

/** A transaction under `millrace_control`: across tenants, but only on the tables and columns that its policies list. */
export interface ControlTransaction extends Transaction {
  readonly control: true;
}

// SQLSTATE classes and socket errors that mean that the server went away or does not take connections.
const unreachable = new Set(['57P01', '57P02', '57P03', '53300', '08000', '08001', '08003', '08006']);
const socketErrors = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT']);

function isConnectionLoss(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const { code, driverError } = error as Error & { code?: string; driverError?: { code?: string } };
  const reason = driverError?.code ?? code ?? '';
  return (
    unreachable.has(reason) ||
    socketErrors.has(reason) ||
    /Connection terminated|timeout exceeded when trying to connect|Client (has encountered a connection error|was closed)/.test(
      error.message,
    )
  );
}

/** The error that the caller sees: a lost server is `unavailable`, so that every edge may repeat. */
function translated(error: unknown): unknown {
  if (!isConnectionLoss(error)) return error;
  return new DomainError('unavailable', 'database.unavailable', 'the database does not answer: repeat the request', {
    retryAfterSeconds: 1,
    cause: error,
  });
}

type Hook = () => void | Promise<void>;

/** How a transaction begins and ends. */
interface Manner {
  /** Sent without waiting, so that it travels with the first statement of the work. */
  readonly begin?: string;
  /** The caller does not wait for the end: nothing that it could tell would change the answer. */
  readonly lingers?: boolean;
  /** Takes hints; without, they are part of the transaction. */
  readonly hints?: Hints | undefined;
}

async function inTransaction<T>(
  source: DataSource,
  manner: Manner,
  work: (operations: Transaction) => Promise<T>,
): Promise<T> {
  const hooks: Hook[] = [];
  try {
    const session = await checkOut(source);
    if (manner.begin !== undefined) session.send(manner.begin);
    let result: T;
    try {
      result = await work(operations(session, (hook) => hooks.push(hook), manner.hints));
      await finish(session, manner);
    } catch (error) {
      await session.end(manner.begin === undefined ? undefined : 'rollback').catch(() => undefined);
      throw error;
    }
    for (const hook of hooks) await hook();
    return result;
  } catch (error) {
    throw translated(error);
  }
}

async function finish(session: Session, manner: Manner): Promise<void> {
  const ended = session.end(manner.begin === undefined ? undefined : 'commit');
  if (manner.lingers === true) {
    // A connection that breaks now is thrown away by its session.
    ended.catch(() => undefined);
    return;
  }
  // Postgres answers so where a statement had failed and the work went on as if it had not: nothing was kept.
  if ((await ended) === 'ROLLBACK') throw new Error('a statement had failed, so the transaction was rolled back');
}

function operations(session: Session, afterCommit: (hook: Hook) => void, hints: Hints | undefined): Transaction {
  return {
    query: <R extends object = Row>(sql: string, parameters: readonly unknown[] = [], name?: string): Promise<R[]> =>
      session.query<R>(sql, parameters, name),
    append: (sql, parameters, name) => session.append(sql, parameters, name),
    notify: (channel, payload) => {
      if (hints === undefined) session.append('select pg_notify($1, $2)', [channel, payload], 'notify');
      else afterCommit(() => hints.notify(channel, payload));
    },
    afterCommit,
  };
}

/** `local` makes the setting one of the transaction: it can never leak through the connection pool. */
function beginFor(tenantId: TenantId, readOnly: boolean): string {
  return `begin${readOnly ? ' isolation level repeatable read, read only' : ''}; set local app.tenant_id to ${pg.escapeLiteral(tenantId)}`;
}

/** The tenants' data. The only way to it is a transaction that names its tenant. */
export class TenantDatabase {
  constructor(
    private readonly source: DataSource,
    private readonly hints?: Hints,
  ) {}

  /** Runs the work in one transaction; a thrown error rolls everything back and passes on. */
  transaction<T>(tenantId: TenantId, work: (tx: TenantTransaction) => Promise<T>): Promise<T> {
    const manner = { begin: beginFor(tenantId, false), hints: this.hints };
    return inTransaction(this.source, manner, (tx) => work({ ...tx, tenantId }));
  }

  /**
   * Runs work that only reads, in one read-only transaction, in which all statements see the same moment. It costs as many round trips as the work has statements:
   * the beginning travels with the first, and the result does not wait for the end.
   */
  read<T>(tenantId: TenantId, work: (tx: TenantTransaction) => Promise<T>): Promise<T> {
    const manner = { begin: beginFor(tenantId, true), lingers: true };
    return inTransaction(this.source, manner, (tx) => work({ ...tx, tenantId }));
  }
}

/** Work across tenants, for named modules only (outbox relay, pool controller, sealing, log-in look-ups). */
export class ControlDatabase {
  constructor(private readonly source: DataSource) {}

  transaction<T>(work: (tx: ControlTransaction) => Promise<T>): Promise<T> {
    return inTransaction(this.source, { begin: 'begin' }, (tx) => work({ ...tx, control: true }));
  }

  /** Every statement is a transaction of its own: for look-ups, to which begin and commit are two more round trips. */
  statements<T>(work: (tx: ControlTransaction) => Promise<T>): Promise<T> {
    return inTransaction(this.source, {}, (tx) => work({ ...tx, control: true }));
  }
}
