import { ControlDatabase, openDataSource, TenantDatabase } from '@millrace/database';
import { newId } from '@millrace/kernel';
import {
  asSuper,
  type SeededOrganization,
  type SeededRun,
  seedOrganization,
  seedRun,
  type TestDatabase,
  testDatabase,
} from '@millrace/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ChainedEntry, verifyChain } from './chain.js';
import { categoryOf, rateAttempt } from './rating.js';
import { recordAttemptUsage } from './use-cases/record-attempt-usage.js';
import { listUnsealed, sealLedger } from './use-cases/seal-ledger.js';

describe('rateAttempt', () => {
  const usage = {
    size: 's' as const,
    category: 'useful' as const,
    wallMs: 1_234n,
    started: true,
    firstStart: true,
    runCreatedAt: new Date('2026-11-24T00:00:00Z'),
  };

  it.each([
    ['a first start', {}, [1_234n * 16n, 100_000n]],
    ['a retry', { firstStart: false }, [1_234n * 16n]],
    ['less than a second', { wallMs: 3n }, [16_000n, 100_000n]],
    ['the largest size', { size: '2xl' as const, wallMs: 86_400_000n }, [86_400_000n * 256n, 100_000n]],
    ['a cancelled attempt', { category: 'cancelled' as const }, [1_234n * 16n, 100_000n]],
    ['code that never began', { started: false }, [0n]],
    ['a fault of the platform', { category: 'platform_fault' as const }, [0n]],
  ])('prices %s', (_what, part, amounts) => {
    expect(rateAttempt({ ...usage, ...part }).map((line) => line.amount)).toEqual(amounts);
  });

  it('says what became of the work', () => {
    expect(categoryOf('succeeded', false)).toBe('useful');
    expect(categoryOf('failed', true)).toBe('retried');
    expect(categoryOf('timed_out', false)).toBe('failed');
    expect(categoryOf('cancelled', true)).toBe('cancelled');
    expect(categoryOf('lost', true)).toBe('platform_fault');
  });
});

describe('the ledger', () => {
  let database: TestDatabase;
  let tenants: TenantDatabase;
  let control: ControlDatabase;
  let organization: SeededOrganization;
  let run: SeededRun;
  const closes: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    database = await testDatabase();
    const app = await openDataSource({ url: database.appUrl, poolSize: 8, applicationName: 'spec' });
    const asControl = await openDataSource({ url: database.controlUrl, poolSize: 8, applicationName: 'spec' });
    closes.push(
      () => app.destroy(),
      () => asControl.destroy(),
    );
    tenants = new TenantDatabase(app);
    control = new ControlDatabase(asControl);
  });
  afterAll(async () => {
    for (const close of closes) await close();
    await database.drop();
  });
  beforeEach(async () => {
    organization = await seedOrganization(database.superuserUrl);
    run = await seedRun(database.superuserUrl, organization);
  });

  const record = (count: number, attemptIds = Array.from({ length: count }, () => newId('attempt'))) =>
    tenants.transaction(organization.tenantId, async (tx) => {
      recordAttemptUsage(
        tx,
        attemptIds.map((attemptId, index) => ({
          attemptId,
          runId: run.runId,
          taskId: `täsk "${index}"`,
          mapIndex: -1,
          pipelineId: run.pipelineId,
          environmentId: organization.environmentId,
          size: 's',
          category: 'useful',
          wallMs: 1_000.2 + index,
          started: true,
          firstStart: true,
          runCreatedAt: new Date(),
        })),
      );
      return attemptIds;
    });

  const chain = async (): Promise<ChainedEntry[]> => {
    const rows = await asSuper<Omit<ChainedEntry, 'number'> & { number: string }>(
      database.superuserUrl,
      `select id, kind, attempt_id as "attemptId", run_id as "runId", task_id as "taskId", map_index as "mapIndex",
         pipeline_id as "pipelineId", environment_id as "environmentId", meter, size, quantity::text,
         unit_price_nano::text as "unitPrice", amount_nano::text as amount, category,
         to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "occurredAt",
         chain_number::text as number, encode(prev_hash, 'hex') as "prevHash", encode(hash, 'hex') as hash
       from ledger_entries where tenant_id = $1 and sealed_in is not null order by chain_number`,
      [organization.tenantId],
    );
    return rows.map((row) => ({ ...row, number: BigInt(row.number) }));
  };
  const seal = (limit = 1_000) => control.transaction((tx) => sealLedger(tx, organization.tenantId, limit));

  it('holds one row per attempt and meter, whatever is repeated, and rounds fractions of a millisecond up', async () => {
    const attempts = await record(2);
    await record(2, attempts);
    const rows = await asSuper(
      database.superuserUrl,
      'select meter, quantity::int as quantity from ledger_entries where tenant_id = $1 order by meter, quantity',
      [organization.tenantId],
    );
    expect(rows).toEqual([
      { meter: 'compute_ms', quantity: 1_001 },
      { meter: 'compute_ms', quantity: 1_002 },
      { meter: 'task_run', quantity: 1 },
      { meter: 'task_run', quantity: 1 },
    ]);
  });

  it('is sealed into one chain without gaps, across seals and by sealers that race', async () => {
    await record(10);
    expect(await seal(7)).toBe(7);
    await record(5);
    const sealed = await Promise.all([seal(), seal(), seal()]);
    expect(sealed.reduce((sum, count) => sum + count, 0)).toBe(23);
    expect(await seal()).toBe(0);
    const entries = await chain();
    const verdict = verifyChain(organization.tenantId, entries);
    const [sum] = await asSuper(
      database.superuserUrl,
      'select sum(amount_nano)::text as total from ledger_entries where tenant_id = $1',
      [organization.tenantId],
    );
    expect(verdict).toMatchObject({ ok: true, entries: 30n, total: BigInt(String(sum?.['total'])) });
    expect(await control.transaction((tx) => listUnsealed(tx, 100))).not.toContain(organization.tenantId);
  });

  it('shows every change, gap and wrong sum', async () => {
    await record(3);
    await seal();
    const entries = await chain();
    const with2 = (change: Partial<ChainedEntry>): ChainedEntry[] =>
      entries.map((entry) => (entry.number === 2n ? { ...entry, ...change } : entry));
    expect(verifyChain(organization.tenantId, entries).ok).toBe(true);
    for (const tampered of [
      with2({ amount: '1' }),
      with2({ taskId: 'another' }),
      with2({ occurredAt: '2026-01-01T00:00:00.000000Z' }),
      entries.filter((entry) => entry.number !== 2n),
      [...entries].reverse(),
    ]) {
      expect(verifyChain(organization.tenantId, tampered).ok).toBe(false);
    }
    expect(verifyChain('org_other', entries)).toMatchObject({ ok: false, number: 1n });
  });

  it('can be added to but not changed by the role of the tenants', async () => {
    await record(1);
    const change = tenants.transaction(organization.tenantId, (tx) =>
      tx.query('update ledger_entries set amount_nano = 0 where tenant_id = $1', [organization.tenantId]),
    );
    await expect(change).rejects.toThrow(/permission denied/);
    const remove = control.transaction((tx) => tx.query('delete from ledger_entries'));
    await expect(remove).rejects.toThrow(/permission denied/);
  });
});
