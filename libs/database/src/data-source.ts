import 'reflect-metadata';
import { DataSource } from 'typeorm';

export interface DataSourceOptions {
  /** `postgres://role:password@host:port/database`. */
  readonly url: string;
  /** At most this many connections. */
  readonly poolSize: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
}

/** Opens the pool and checks it; rejects when the server cannot be reached. The caller destroys it. */
export async function openDataSource(options: DataSourceOptions): Promise<DataSource> {
  const source = new DataSource({
    type: 'postgres',
    url: options.url,
    applicationName: options.applicationName,
    synchronize: false,
    logging: false,
    // Pipelined: what is sent without waiting for an answer goes out with the statement after it.
    extra: { max: options.poolSize, connectionTimeoutMillis: 10_000, keepAlive: true, pipeline: true },
  });
  return source.initialize();
}
