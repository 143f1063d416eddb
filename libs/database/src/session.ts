import type { Writable } from 'node:stream';
import type pg from 'pg';
import type { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';

type Release = (broken?: Error | boolean) => void;

/** A connection of the pool while one transaction has it. */
export class Session {
  private open = true;
  private gathering = false;
  private sent: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly client: pg.PoolClient,
    private readonly release: Release,
  ) {
    // Whoever waits for a statement hears of it there; an event without a listener would end the process.
    client.on('error', ignore);
  }

  /** Sends statements without waiting; whatever fails in them shows at the latest when the session ends. */
  send(sql: string): void {
    this.gather();
    this.sent = this.client.query(sql);
    this.sent.catch(ignore);
  }

  async query<R extends object>(sql: string, parameters: readonly unknown[], name?: string): Promise<R[]> {
    this.requireOpen();
    this.gather();
    const values = [...parameters];
    const { rows } = await this.client.query<R>(
      name === undefined ? { text: sql, values } : { name, text: sql, values },
    );
    return rows;
  }

  /** Sends a statement without waiting; the end of the session waits for it and fails with it. */
  append(sql: string, parameters: readonly unknown[], name: string): void {
    this.requireOpen();
    this.gather();
    const before = this.sent;
    const appended = this.client.query({ name, text: sql, values: [...parameters] });
    this.sent = Promise.all([before, appended]);
    this.sent.catch(ignore);
  }

  /** One packet for all statements that are sent before the process waits for anything: each packet is a system call. */
  private gather(): void {
    if (this.gathering) return;
    this.gathering = true;
    const { stream } = (this.client as unknown as { readonly connection: { readonly stream: Writable } }).connection;
    stream.cork();
    process.nextTick(() => {
      this.gathering = false;
      stream.uncork();
    });
  }

  /** The connection belongs to another transaction by then, perhaps to another tenant's. */
  private requireOpen(): void {
    if (!this.open) throw new Error('the transaction is over: a statement came after its end');
  }

  /** Ends the transaction and gives the connection back; gives the server's word for how it ended. */
  async end(statement: 'commit' | 'rollback' | undefined): Promise<string | undefined> {
    if (!this.open) return undefined;
    this.open = false;
    try {
      this.gather();
      // Sent at once, and with it whatever is still on its way; after a failure a commit is a rollback.
      const ended = statement === undefined ? undefined : this.client.query(statement);
      ended?.catch(ignore);
      await this.sent;
      return this.giveBack((await ended)?.command);
    } catch (error) {
      // Nobody knows in which state it is: the pool throws it away.
      this.giveBack(undefined, error instanceof Error ? error : true);
      throw error;
    }
  }

  private giveBack(command?: string, broken?: Error | boolean): string | undefined {
    this.client.off('error', ignore);
    this.release(broken);
    return command;
  }
}

function ignore(): void {
  // See where it is used.
}

/** Takes a connection from the pool, or waits for one. */
export async function checkOut(source: DataSource): Promise<Session> {
  const driver = source.driver as PostgresDriver;
  const [client, release] = (await driver.obtainMasterConnection()) as [pg.PoolClient, Release];
  return new Session(client, release);
}
