import { DomainError, type TenantId } from '@millrace/kernel';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';

/** Rows as the driver gives them: `bigint` columns arrive as text. */
export type Row = Record<string, unknown>;

/** What every transaction offers; nothing outlives it. */
export interface Transaction {
  /** One parameterised statement; positions are `$1`, `$2`, … Returns the rows (also of `… returning`). */
  query<R extends object = Row>(sql: string, parameters?: readonly unknown[]): Promise<R[]>;
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
    // TypeORM releases a runner whose connection broke; the statement after that meets this error.
    error.name === 'QueryRunnerAlreadyReleasedError' ||
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
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

async function inTransaction<T>(
  source: DataSource,
  setUp: (runner: QueryRunner) => Promise<void>,
  work: (runner: QueryRunner, afterCommit: (work: () => void | Promise<void>) => void) => Promise<T>,
): Promise<T> {
  const hooks: (() => void | Promise<void>)[] = [];
  const runner = source.createQueryRunner();
  try {
    await runner.startTransaction();
    let result: T;
    try {
      await setUp(runner);
      result = await work(runner, (hook) => hooks.push(hook));
      await runner.commitTransaction();
    } catch (error) {
      await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    }
    for (const hook of hooks) await hook();
    return result;
  } catch (error) {
    throw translated(error);
  } finally {
    await runner.release();
  }
}

function operations(manager: EntityManager, afterCommit: (work: () => void | Promise<void>) => void): Transaction {
  return {
    async query<R extends object = Row>(sql: string, parameters: readonly unknown[] = []): Promise<R[]> {
      const result: unknown = await manager.query(sql, [...parameters]);
      return rowsOf<R>(result);
    },
    afterCommit,
  };
}

/** TypeORM answers `update` and `delete` with `[rows, count]` and everything else with the rows. */
function rowsOf<R>(result: unknown): R[] {
  if (!Array.isArray(result)) return [];
  const [first, second] = result as unknown[];
  if (result.length === 2 && Array.isArray(first) && typeof second === 'number') return first as R[];
  return result as R[];
}

/** The tenants' data. The only way to it is a transaction that names its tenant. */
export class TenantDatabase {
  constructor(private readonly source: DataSource) {}

  /** Runs the work in one transaction; a thrown error rolls everything back and passes on. */
  transaction<T>(tenantId: TenantId, work: (tx: TenantTransaction) => Promise<T>): Promise<T> {
    return inTransaction(
      this.source,
      // `true` makes the setting local to the transaction: it can never leak through the connection pool.
      async (runner) => {
        await runner.query(`select set_config('app.tenant_id', $1, true)`, [tenantId]);
      },
      (runner, afterCommit) => work({ ...operations(runner.manager, afterCommit), tenantId }),
    );
  }
}

/** Work across tenants, for named modules only (outbox relay, pool controller, sealing, log-in look-ups). */
export class ControlDatabase {
  constructor(private readonly source: DataSource) {}

  transaction<T>(work: (tx: ControlTransaction) => Promise<T>): Promise<T> {
    return inTransaction(
      this.source,
      () => Promise.resolve(),
      (runner, afterCommit) => work({ ...operations(runner.manager, afterCommit), control: true }),
    );
  }
}
