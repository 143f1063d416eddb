export { type BrowserForTest, testBrowser } from './browser.js';
export { type S3ForTest, testS3 } from './s3-server.js';
export { emptyTestDatabase, type TestDatabase, testDatabase } from './test-database.js';
export { type TemporalForTest, testTemporal } from './test-temporal.js';
export {
  asSuper,
  type SeededOrganization,
  type SeededRun,
  type SeededTask,
  type SeedOptions,
  seedOrganization,
  seedRun,
  seedRunner,
  type SeedRunOptions,
} from './seed.js';
export { type PipelineTask, type SeededPipeline, seedPipeline, type SeedPipelineOptions } from './seed-pipeline.js';
