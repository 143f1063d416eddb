export { type DataSourceOptions, openDataSource } from './data-source.js';
export { latestMigration, migrate, type MigrationReport, schemaVersion } from './migrate.js';
export {
  ControlDatabase,
  type ControlTransaction,
  type Row,
  TenantDatabase,
  type TenantTransaction,
  type Transaction,
} from './transaction.js';
export { channels, type ListenerOptions, NotificationListener } from './listener.js';
