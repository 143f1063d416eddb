import { logger } from '@millrace/platform';
import { installRuntime } from '@millrace/temporal';
import { type SeededPipeline, seedPipeline } from '@millrace/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OutagePlatform } from './testing/outage-platform.js';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let platform: OutagePlatform;
let chain: SeededPipeline;

beforeAll(async () => {
  installRuntime({ log: logger('spec', { level: 'fatal' }) });
  platform = await OutagePlatform.start(async () => {
    await pause(50);
    return '1';
  }, process.env);
  chain = await seedPipeline(platform.database.superuserUrl, platform.organization, {
    tasks: Array.from({ length: 4 }, (_, at) => ({ id: `t${at}`, plan: { needs: at === 0 ? [] : [`t${at - 1}`] } })),
  });
});
afterAll(() => platform.close());

async function startSome(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await platform.startRun(chain.pipelineId);
}

async function allSucceed(timeoutMs: number): Promise<void> {
  await platform.allEnd(timeoutMs);
  expect(await platform.rows(`select distinct state from runs where tenant_id = $1`)).toEqual([{ state: 'succeeded' }]);
  expect(await platform.breaches()).toEqual([]);
}

describe('an outage', () => {
  it('of the orchestrator, killed again and again, costs no run', async () => {
    for (let round = 0; round < 3; round += 1) {
      await startSome(5);
      await pause(200 + 400 * round);
      platform.orchestrator.kill('SIGKILL');
    }
    await allSucceed(40_000);
    expect(platform.orchestrator.exits.filter((exit) => exit === 'SIGKILL')).toHaveLength(3);
  }, 90_000);

  it('of Temporal costs no run: what was accepted meanwhile starts when it is back', async () => {
    await startSome(5);
    await pause(300);
    platform.killTemporal();
    await startSome(5);
    await pause(3_000);
    expect(await platform.openRuns()).toBeGreaterThanOrEqual(5);
    await platform.startTemporal('first');
    const back = performance.now();
    await allSucceed(40_000);
    process.stderr.write(`all runs had ended ${Math.round(performance.now() - back)} ms after Temporal was back\n`);
    expect(await platform.rows(`select id from runs where tenant_id = $1 and restarts > 0`)).toEqual([]);
  }, 90_000);

  it('ends cleanly when it is asked to', async () => {
    expect(await platform.orchestrator.stop()).toBe(0);
  });
});
