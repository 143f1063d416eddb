import { ControlDatabase, openDataSource, TenantDatabase } from '@millrace/database';
import { newId } from '@millrace/kernel';
import {
  asSuper,
  type SeededOrganization,
  type SeededPipeline,
  seedOrganization,
  seedPipeline,
  type TestDatabase,
  testDatabase,
} from '@millrace/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MailboxTransport } from './adapters/pg/mailbox-transport.js';
import { dueAfter, timingOf } from './alert.js';
import { causeOf, shown, topFrame } from './cause.js';
import { waitAfter } from './delivery.js';
import { headline } from './message.js';
import { listAlerts } from './readers/alerts.js';
import { listMailbox } from './readers/mailbox.js';
import { forgetDeliveries } from './use-cases/forget-deliveries.js';
import { oweDeliveriesAgain } from './use-cases/owe-deliveries-again.js';
import { RecordRunEnd } from './use-cases/record-run-end.js';
import { RecoverAlerts } from './use-cases/recover-alerts.js';
import { TellAlert } from './use-cases/tell-alert.js';

const failed = (error: { name?: string; message?: string; stack?: string; reason?: string }) =>
  causeOf({
    taskId: 'load',
    reason: null,
    attempt: {
      state: 'failed',
      reason: error.reason ?? 'exception',
      errorName: error.name ?? null,
      errorMessage: error.message ?? null,
      errorStack: error.stack ?? null,
    },
  });
const print = (error: Parameters<typeof failed>[0]): string => failed(error).fingerprint;

describe('a cause', () => {
  it('is the same where only numbers, ids and quoted parts of the message differ', () => {
    const one = print({ name: 'Error', message: `row 17 of "a" in run_01J9ZC3V5T9YV7Q6M0N8F2A4BC` });
    expect(print({ name: 'Error', message: `row 18 of "b" in run_01J9ZC3V5T9YV7Q6M0N8F2A4BD` })).toBe(one);
    const file = (id: string) => print({ name: 'Error', message: `no file ${id}` });
    expect(file('550e8400-e29b-41d4-a716-446655440000')).toBe(file('6ba7b810-9dad-11d1-80b4-00c04fd430c8'));
    expect(print({ name: 'Error', message: `column 17 of "a" in run_01J9ZC3V5T9YV7Q6M0N8F2A4BC` })).not.toBe(one);
    expect(print({ name: 'TypeError', message: `row 17 of "a" in run_01J9ZC3V5T9YV7Q6M0N8F2A4BC` })).not.toBe(one);
  });

  it('is another one at another place of the code, whatever the message says', () => {
    const at = (line: number) => `Error: x\n    at load (file:///bundle/src/load.mjs:${line}:3)`;
    const one = print({ name: 'Error', message: 'x', stack: at(12) });
    expect(print({ name: 'Error', message: 'y', stack: at(12) })).toBe(one);
    expect(print({ name: 'Error', message: 'x', stack: at(13) })).not.toBe(one);
  });

  it('of a script is its exit code', () => {
    const exit = (code: number) => print({ name: 'Error', message: `exit code ${code}`, reason: 'exit_code' });
    expect(exit(3)).toBe(exit(3));
    expect(exit(3)).not.toBe(exit(4));
    expect(failed({ name: 'Error', message: 'x', reason: 'timeout' }).errorClass).toBe('timeout');
    expect(failed({ name: 'HttpError', message: 'x', reason: 'http.503' }).errorClass).toBe('HttpError (http.503)');
  });

  it('names the nearest frame of the own code, in both languages', () => {
    const node =
      'TypeError: x\n    at f (/deps/node_modules/a/b.js:1:1)\n    at async load (/bundle/src/load.mjs:12:9)';
    const python =
      'Traceback:\n  File "/usr/lib/python3/runpy.py", line 1, in run\n  File "/bundle/src/load.py", line 7, in load\n    x\n  File "/usr/lib/python3/json.py", line 3, in loads\nValueError: x';
    expect(topFrame(node)).toBe('load (src/load.mjs:12)');
    expect(topFrame(python)).toBe('load (src/load.py:7)');
    expect(topFrame('no frames here')).toBeNull();
  });

  it('is shown in one line, without what opens doors', () => {
    expect(shown('a\r\nb\u0000c', 100)).toBe('a b c');
    expect(shown('postgres://me:pw@db/x Bearer abcdefghijkl mr_live_abc_defghi', 100)).toBe(
      'postgres://***@db/x Bearer *** mr_live_***',
    );
    expect([...shown('🐞'.repeat(50), 10)]).toHaveLength(10);
  });
});

describe('the timing', () => {
  const timing = timingOf(20_000);
  const start = new Date('2030-01-01T00:00:00Z');
  const later = (ms: number): Date => new Date(start.getTime() + ms);
  const first = { firstSeenAt: start, toldAt: null, messages: 0 };

  it('waits until it is quiet, but never for a minute', () => {
    expect(dueAfter(timing, later(0), first)).toEqual(later(20_000));
    expect(dueAfter(timing, later(15_000), first)).toEqual(later(35_000));
    expect(dueAfter(timing, later(39_000), first)).toEqual(later(40_000));
    expect(dueAfter(timing, later(90_000), first)).toEqual(later(90_000));
    expect(timingOf(30_000).longestMs).toBeLessThan(60_000);
  });

  it('reminds after an hour, four, and then once a day', () => {
    const hours = [1, 2, 3, 4].map(
      (messages) =>
        (dueAfter(timing, start, { firstSeenAt: start, toldAt: start, messages }).getTime() - start.getTime()) /
        3_600_000,
    );
    expect(hours).toEqual([1, 4, 24, 24]);
  });

  it('of repeats grows to four hours, and respects what the receiver asks for, up to an hour', () => {
    const middle = () => 0.5;
    expect([1, 2, 3, 8, 20].map((attempts) => waitAfter(attempts, undefined, middle) / 1000)).toEqual([
      5, 30, 120, 14_400, 14_400,
    ]);
    expect(waitAfter(1, 120_000, middle)).toBe(120_000);
    expect(waitAfter(1, 86_400_000, middle)).toBe(3_600_000);
  });

  it('has a headline for a test too', () => {
    const webhook = { id: 'whk_1', name: 'ops' };
    const data = { webhook, organization: { id: 'org_1', name: 'o' }, requestedBy: 'usr_1' };
    expect(headline({ type: 'webhook.test', timestamp: '', data })).toBe('A test of the webhook "ops"');
  });
});

describe('counting', () => {
  let database: TestDatabase;
  let tenants: TenantDatabase;
  let close: () => Promise<void>;
  let organization: SeededOrganization;
  let pipeline: SeededPipeline;
  const record = new RecordRunEnd(new RecoverAlerts(new TellAlert('http://console')), timingOf(20_000));

  beforeAll(async () => {
    database = await testDatabase();
    const app = await openDataSource({ url: database.appUrl, poolSize: 20, applicationName: 'spec' });
    tenants = new TenantDatabase(app);
    close = () => app.destroy();
    organization = await seedOrganization(database.superuserUrl);
  });
  afterAll(async () => {
    await close();
    await database.drop();
  });
  beforeEach(async () => {
    pipeline = await seedPipeline(database.superuserUrl, organization);
  });

  /** A run that has ended with these failed instances: task and error. */
  async function ended(
    state: string,
    at: string,
    failures: readonly (readonly [string, string])[] = [],
  ): Promise<string> {
    const { tenantId, environmentId, poolId } = organization;
    const runId = newId('run');
    const rows = failures.map(([task, name], index) => ({ task, name, index, attempt: newId('attempt') }));
    await asSuper(
      database.superuserUrl,
      `with rows as (select * from jsonb_to_recordset($8::jsonb) as r (task text, name text, index integer, attempt text)),
       run as (
         insert into runs (tenant_id, id, environment_id, pipeline_id, version_id, state, created_by, pools, ended_at)
         values ($1, $2, $3, $4, $5, $6, 'usr_spec', '{}', $7)),
       ti as (
         insert into task_instances (tenant_id, run_id, task_id, map_index, state)
         select $1, $2, task, index, 'failed' from rows)
       insert into attempts (tenant_id, id, run_id, task_id, map_index, fence, dispatch, try, state, reason, error, pool_id, size)
       select $1, attempt, $2, task, index, 1, 1, 1, 'failed', 'exception', jsonb_build_object('name', name, 'message', name),
         $9, 's' from rows`,
      [
        ...[tenantId, runId, environmentId, pipeline.pipelineId, pipeline.versionId, state, at],
        ...[JSON.stringify(rows), poolId],
      ],
    );
    return runId;
  }
  const tell = (runId: string): Promise<void> =>
    tenants.transaction(organization.tenantId, (tx) => record.execute(tx, runId));
  const alerts = async () => {
    const found = await tenants.transaction(organization.tenantId, (tx) =>
      listAlerts(tx, { environmentId: organization.environmentId, pipeline: pipeline.name, limit: 50 }),
    );
    return found.map(({ errorClass, state, failures, runs }) => `${errorClass} ${state} ${failures} in ${runs}`).sort();
  };

  it('counts instances by cause, and a run once, however often and by how many it is told', async () => {
    const runId = await ended('failed', '2030-01-01T00:00:00Z', [
      ['a', 'TypeError'],
      ['a', 'TypeError'],
      ['b', 'RangeError'],
    ]);
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => tell(runId)));
    await tell(runId);

    expect(results.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(await alerts()).toEqual(['RangeError open 1 in 1', 'TypeError open 2 in 1']);
    const timers = await asSuper(
      database.superuserUrl,
      `select o.id from outbox o join alerts a on a.id = o.subject where a.pipeline_id = $1 and o.kind = 'alert_due'`,
      [pipeline.pipelineId],
    );
    expect(timers).toHaveLength(2);
  });

  it('takes runs with the same causes at the same time without a deadlock', async () => {
    const causes = ['A', 'B', 'C', 'D', 'E'].map((name) => ['a', `${name}Error`] as const);
    const runs = await Promise.all(
      Array.from({ length: 12 }, (_, at) =>
        ended('failed', '2030-01-01T00:00:00Z', at % 2 === 0 ? causes : [...causes].reverse()),
      ),
    );
    await Promise.all(runs.map(tell));

    expect(await alerts()).toEqual(causes.map(([, name]) => `${name} open 12 in 12`));
  });

  it('closes what a later success closes, in whatever order the ends are told', async () => {
    const failure = await ended('failed', '2030-01-01T00:00:01Z', [['a', 'TypeError']]);
    const success = await ended('succeeded', '2030-01-01T00:00:02Z');
    const newer = await ended('failed', '2030-01-01T00:00:03Z', [['a', 'TypeError']]);
    await tell(success);
    await tell(failure);
    expect(await alerts()).toEqual(['TypeError recovered 1 in 1']);
    await tell(newer);
    await tell(success);
    expect(await alerts()).toEqual(['TypeError open 1 in 1', 'TypeError recovered 1 in 1']);
  });

  it('owes deliveries that are not over again where Temporal has lost them, each once', async () => {
    const { tenantId, environmentId } = organization;
    const [pending, told, stale] = [newId('delivery'), newId('delivery'), newId('delivery')];
    await asSuper(
      database.superuserUrl,
      `insert into deliveries (tenant_id, id, environment_id, message_id, type, channel, target, payload, state, created_at)
       select $1, id, $2, id, 'test', 'email', id, '{}', state, now() - age::interval
       from (values ($3, 'pending', '1 hour'), ($4, 'succeeded', '1 hour'), ($5, 'pending', '80 hours')) as r (id, state, age)`,
      [tenantId, environmentId, pending, told, stale],
    );
    const control = await openDataSource({ url: database.controlUrl, poolSize: 2, applicationName: 'spec' });
    try {
      const owe = () => new ControlDatabase(control).transaction(oweDeliveriesAgain);

      expect([await owe(), await owe()]).toEqual([1, 0]);
      const debts = `select subject from outbox where kind = 'delivery' and subject = any($1)`;
      expect(await asSuper(database.superuserUrl, debts, [[pending, told, stale]])).toEqual([{ subject: pending }]);
    } finally {
      await control.destroy();
    }
  });

  it('forgets deliveries that ended longer ago than the plan keeps them, with their attempts', async () => {
    const { tenantId, environmentId } = organization;
    const [old, young, open] = [newId('delivery'), newId('delivery'), newId('delivery')];
    await asSuper(database.superuserUrl, `update organizations set plan = 'free' where id = $1`, [tenantId]);
    await asSuper(
      database.superuserUrl,
      `insert into deliveries (tenant_id, id, environment_id, message_id, type, channel, target, payload, state, ended_at)
       select $1, id, $2, id, 'test', 'email', id, '{}', state, now() - age::interval
       from (values ($3, 'succeeded', '15 days'), ($4, 'failed', '13 days'), ($5, 'pending', null)) as r (id, state, age)`,
      [tenantId, environmentId, old, young, open],
    );
    await asSuper(
      database.superuserUrl,
      `insert into delivery_attempts (tenant_id, delivery_id, number, at, duration_ms, ok)
       select $1, id, 1, now(), 1, true from unnest($2::text[]) as id`,
      [tenantId, [old, young]],
    );
    const source = await openDataSource({ url: database.controlUrl, poolSize: 2, applicationName: 'spec' });
    try {
      const forget = (days: number) =>
        new ControlDatabase(source).transaction((tx) => forgetDeliveries(tx, [{ plan: 'free', days }], 100));
      const left = async () => {
        const sql = `select id from deliveries where tenant_id = $1 and id = any($2)
          union all select 'attempt of ' || delivery_id from delivery_attempts where tenant_id = $1 order by 1`;
        return (await asSuper<{ id: string }>(database.superuserUrl, sql, [tenantId, [old, young, open]])).map(
          (r) => r.id,
        );
      };

      expect(await forget(16)).toBe(0);
      expect([await forget(14), await forget(14)]).toEqual([1, 0]);
      expect(await left()).toEqual([`attempt of ${young}`, young, open]);
    } finally {
      await source.destroy();
    }
  });

  it('says what became of a run as a whole where no task is to blame', async () => {
    const runId = await ended('failed', '2030-01-01T00:00:00Z');
    await asSuper(database.superuserUrl, `update runs set reason = 'platform_fault' where id = $1`, [runId]);
    await tell(runId);

    expect(await alerts()).toEqual(['platform_fault open 1 in 1']);
  });
});

describe('the mailbox', () => {
  it('keeps a mail once, however often it is sent, and shows it to its address alone', async () => {
    const database = await testDatabase();
    const source = await openDataSource({ url: database.controlUrl, poolSize: 2, applicationName: 'spec' });
    const control = new ControlDatabase(source);
    const transport = new MailboxTransport(control);
    const mail = { messageId: 'msg_1', to: 'Some.One@example.com', subject: 'Hello', text: 'a text' };
    await transport.send(mail);
    await transport.send(mail);
    await transport.send({ ...mail, messageId: 'msg_2', to: 'other@example.com' });
    await asSuper(
      database.superuserUrl,
      `update mailbox_messages set at = now() - interval '8 days' where message_id = 'msg_2'`,
    );
    await transport.send({ ...mail, messageId: 'msg_3', subject: 'Again', html: '<p>a text</p>' });
    const page = { after: undefined, limit: 10 };
    const [mine, others] = await control.transaction(async (tx) => [
      await listMailbox(tx, 'some.one@example.com', page),
      await listMailbox(tx, 'other@example.com', page),
    ]);
    await source.destroy();
    await database.drop();

    expect(mine).toMatchObject([
      { subject: 'Again', html: '<p>a text</p>' },
      { subject: 'Hello', html: null },
    ]);
    expect(others).toEqual([]);
  });
});
