import type { RetryClass } from '../define-task.js';

/** By SQLSTATE class (Postgres manual, appendix A). */
export const sqlRetryClasses: readonly RetryClass[] = [
  { code: 'sql.08*', retryable: true, meaning: 'connection lost or refused' },
  { code: 'sql.40*', retryable: true, meaning: 'serialization failure, deadlock' },
  { code: 'sql.53*', retryable: true, meaning: 'out of resources, too many connections' },
  { code: 'sql.55P03', retryable: true, meaning: 'lock not available' },
  { code: 'sql.57P*', retryable: true, meaning: 'the server is starting or stopping' },
  { code: 'sql.58*', retryable: true, meaning: 'system error of the server' },
  { code: 'sql.*', retryable: false, meaning: 'everything else: syntax, constraints, rights, data' },
  { code: 'sql.too_many_rows', retryable: false, meaning: 'more rows than "maxRows"' },
];
