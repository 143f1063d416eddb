export { emptyTestDatabase, type TestDatabase, testDatabase } from './test-database.js';
export { type TemporalForTest, testTemporal } from './test-temporal.js';
