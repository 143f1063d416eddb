export { baseBackup } from './base-backup.js';
export { freePorts, isPortFree, portProblem } from './free-port.js';
export { machineCacheFolder } from './machine-cache.js';
export { launch, type LaunchOptions } from './launch.js';
export {
  asSuperuser,
  type DatabasePasswords,
  databaseRoles,
  ensureDatabase,
  ensureRole,
  preparePlatformDatabase,
} from './platform-database.js';
export { canUse, type PostgresBinaries, postgresBinaries } from './postgres-binaries.js';
export { holderOfPort } from './port-holder.js';
export { type Postgres, type PostgresOptions, postgresUrl, startPostgres } from './postgres.js';
export {
  commandLineOf,
  isRunning,
  type ProcessRecord,
  readRecord,
  reap,
  recordProcess,
  signalRecorded,
  waitForEnd,
  writeRecord,
} from './process-record.js';
export { logTail, type ServerProcess, startServerProcess, type ServerProcessOptions } from './server-process.js';
export { startTemporal, type TemporalServer, type TemporalServerOptions } from './temporal-server.js';
export { type UnprivilegedUser, unprivilegedUser } from './unprivileged-user.js';
