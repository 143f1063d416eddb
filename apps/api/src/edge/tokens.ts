import type { openDataSource } from '@millrace/database';

/** Token of the ApiConfig provider: `@Inject(apiConfig) config: ApiConfig`. */
export const apiConfig = Symbol('apiConfig');
/** Token of the process's log: `@Inject(apiLog) log: Logger`. */
export const apiLog = Symbol('apiLog');
/** A connection pool. */
export type ConnectionPool = Awaited<ReturnType<typeof openDataSource>>;

/** Tokens of the two connection pools, for health and metrics only; everything else takes the databases. */
export const appPool = Symbol('appPool');
export const controlPool = Symbol('controlPool');
