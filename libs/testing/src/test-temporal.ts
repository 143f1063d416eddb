import { randomBytes } from 'node:crypto';
import { askForServer } from './ask-servers.js';
import type { TestTemporal } from './test-servers.js';

/** The Temporal server of the test run. */
export interface TemporalForTest {
  /** `host:port` of the gRPC frontend. */
  readonly address: string;
  readonly namespace: string;
  /** A task queue name that no other spec uses. */
  readonly taskQueue: (prefix?: string) => string;
}

/** The real Temporal server that all specs of the run share; queues and workflow ids keep them apart. */
export async function testTemporal(): Promise<TemporalForTest> {
  const server = (await askForServer('/temporal')) as TestTemporal;
  return { ...server, taskQueue: (prefix = 'test') => `${prefix}-${randomBytes(6).toString('hex')}` };
}
