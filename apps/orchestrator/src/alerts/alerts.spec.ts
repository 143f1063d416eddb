import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  changeWebhook,
  findDelivery,
  findWebhook,
  listAlerts,
  type ListedAlert,
  listDeliveries,
  oweMail,
  patienceMs,
  replayDelivery,
  testWebhook,
  type Webhook,
  type WebhookFormat,
  WebhookSecrets,
} from '@millrace/alerts';
import type { Transition } from '@millrace/contracts';
import { type WebhookPayload, webhookPayload } from '@millrace/contracts/webhook-payload';
import { openDataSource, TenantDatabase } from '@millrace/database';
import { type Clock, newId, type RunId } from '@millrace/kernel';
import { VersionCache } from '@millrace/pipelines';
import { logger } from '@millrace/platform';
import { ParamsCheck, ProjectTransitions, ReleaseHeldRuns, StartRun } from '@millrace/runs';
import { connectNative, installRuntime } from '@millrace/temporal';
import { SealedText } from '@millrace/tenancy';
import {
  asSuper,
  type SeededOrganization,
  type SeededPipeline,
  seedOrganization,
  seedPipeline,
  seedRunner,
  type TemporalForTest,
  type TestDatabase,
  testDatabase,
  testTemporal,
} from '@millrace/testing';
import type { NativeConnection } from '@temporalio/worker';
import { Webhook as Verifier } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Orchestrator, startOrchestrator } from '../orchestrator.js';
import { type SpecMailServer, specMailServer } from '../testing/spec-mail-server.js';
import { type SpecReceiver, specReceiver } from '../testing/spec-receiver.js';
import { specRunner } from '../testing/spec-runner.js';

const log = logger('spec', { level: 'fatal' });
const masterKey = randomBytes(32);
const secrets = new WebhookSecrets(new SealedText(masterKey, 'webhook-secrets'));
const project = new ProjectTransitions(new ReleaseHeldRuns(new VersionCache()));
const startRun = new StartRun(new VersionCache(), new ParamsCheck());
const actor = { actor: 'usr_spec', requestId: 'req_spec' };
/** What is in the payload of no message. */
const output = 'zz-the-output-zz';

/** A clock that specs move; only what asks for it moves along. */
const shift = { ms: 0 };
const clock: Clock = {
  now: () => new Date(Date.now() + shift.ms),
  monotonicMs: () => performance.now(),
};

let database: TestDatabase;
let temporal: TemporalForTest;
let tenants: TenantDatabase;
let connection: NativeConnection;
let folder: string;
let mailServer: SpecMailServer;
let receiver: SpecReceiver;
let orchestrator: Orchestrator;
let organization: SeededOrganization;
let pipeline: SeededPipeline;
let owner: string;
const closes: (() => Promise<unknown>)[] = [];
const queues: { taskQueue: string; deliveryTaskQueue: string; maintenanceId: string } = {
  taskQueue: '',
  deliveryTaskQueue: '',
  maintenanceId: '',
};

function start(): Promise<Orchestrator> {
  return startOrchestrator(
    {
      logLevel: 'fatal',
      appDatabaseUrl: database.appUrl,
      controlDatabaseUrl: database.controlUrl,
      databasePoolSize: 10,
      objectStore: pathToFileURL(folder).href,
      temporal,
      alerts: {
        production: false,
        publicUrl: 'https://millrace.example.com',
        windowMs: 1_500,
        smtpUrl: mailServer.url,
        mailFrom: 'Millrace <millrace@example.com>',
        mailbox: false,
        masterKey,
        egressOpenFile: join(folder, 'egress.json'),
      },
      metrics: undefined,
      ways: [],
    },
    log,
    // These runs never had a workflow; the reconciler would take them for lost ones.
    { ...queues, maintenanceIntervalMs: 3_600_000, clock },
  );
}

beforeAll(async () => {
  installRuntime({ log });
  database = await testDatabase();
  temporal = await testTemporal();
  queues.taskQueue = temporal.taskQueue('orchestrator');
  queues.deliveryTaskQueue = temporal.taskQueue('deliveries');
  queues.maintenanceId = temporal.taskQueue('maintenance');
  const app = await openDataSource({ url: database.appUrl, poolSize: 20, applicationName: 'spec' });
  tenants = new TenantDatabase(app);
  connection = await connectNative(temporal);
  folder = await mkdtemp(join(tmpdir(), 'millrace-'));
  mailServer = await specMailServer();
  receiver = await specReceiver();
  organization = await seedOrganization(database.superuserUrl, { slug: 'spec-a' });
  const openings = [{ organization: 'spec-a', host: '127.0.0.1', port: receiver.port }];
  await writeFile(join(folder, 'egress.json'), JSON.stringify(openings));
  owner = await addOwner(organization);
  orchestrator = await start();
  closes.push(
    () => orchestrator.close(),
    () => connection.close(),
    () => receiver.close(),
    () => mailServer.close(),
    () => app.destroy(),
    () => database.drop(),
    () => rm(folder, { recursive: true }),
  );
});
afterAll(async () => {
  for (const close of closes) await close();
});
beforeEach(async () => {
  shift.ms = 0;
  mailServer.refuseWith = undefined;
  receiver.answer = (response) => void response.writeHead(200).end('thanks');
  pipeline = await seedPipeline(database.superuserUrl, organization);
});

const sql = <R extends object = Record<string, unknown>>(text: string, ...values: unknown[]): Promise<R[]> =>
  asSuper<R>(database.superuserUrl, text, values);

async function addOwner({ tenantId }: SeededOrganization): Promise<string> {
  const id = newId('user');
  const email = `owner-${id.toLowerCase()}@example.com`;
  await sql(`insert into users (id, email, name, password_hash) values ($1, $2, 'Owner', 'x')`, id, email);
  await sql(`insert into memberships (tenant_id, user_id, role) values ($1, $2, 'owner')`, tenantId, id);
  return email;
}

/** Waits for a condition, not for a time. */
async function until<T>(what: string, look: () => T | undefined | Promise<T | undefined>, ms = 30_000): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`nothing came of: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Failure {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
}

/** Runs whose one task ended so, as runners and workflow would have left them, and then their last projection. */
async function endRuns(count: number, failure?: Failure, nanoEach = 500): Promise<readonly string[]> {
  const { tenantId, environmentId, poolId } = organization;
  const ids = Array.from({ length: count }, () => ({
    run: newId('run'),
    attempt: newId('attempt'),
    led: newId('ledgerEntry'),
  }));
  const state = failure === undefined ? 'succeeded' : 'failed';
  const values = [tenantId, environmentId, pipeline.pipelineId, pipeline.versionId, poolId, JSON.stringify(ids)];
  await asSuper(
    database.superuserUrl,
    `with i as (select * from jsonb_to_recordset($6::jsonb) as i (run text, attempt text, led text)),
     r as (
       insert into runs (tenant_id, id, environment_id, pipeline_id, version_id, state, created_by, pools)
       select $1, run, $2, $3, $4, 'running', 'usr_spec', '{}' from i),
     t as (
       insert into task_instances (tenant_id, run_id, task_id, state) select $1, run, 'a', 'running' from i),
     a as (
       insert into attempts (tenant_id, id, run_id, task_id, fence, dispatch, try, state, reason, error, pool_id, size, output)
       select $1, attempt, run, 'a', 1, 1, 1, $7, case when $7 = 'failed' then 'exception' end, $8::jsonb, $5, 's', $9 from i)
     insert into ledger_entries (tenant_id, id, attempt_id, run_id, task_id, map_index, pipeline_id, environment_id, meter,
       size, quantity, unit_price_nano, amount_nano, category, occurred_at)
     select $1, led, attempt, run, 'a', -1, $3, $2, 'compute_ms', 's', 1, $10, $10,
       case when $7 = 'failed' then 'failed' else 'useful' end, now() from i`,
    [...values, state, failure === undefined ? null : JSON.stringify(failure), JSON.stringify(output), nanoEach],
  );
  // In one transaction, so that all of them fail at once however busy the machine is.
  await tenants.transaction(tenantId, async (tx) => {
    for (const { run } of ids) await project.execute(tx, { runId: run, transitions: lastTransitions(state) });
  });
  return ids.map(({ run }) => run);
}

function lastTransitions(state: 'succeeded' | 'failed'): readonly Transition[] {
  const atMs = Date.now();
  return [
    { kind: 'task', seq: 1, atMs, taskId: 'a', mapIndex: -1, state, tries: 1, dispatch: 1 },
    { kind: 'run', seq: 2, atMs, state },
  ];
}

function endRun(runId: string, state: 'succeeded' | 'failed'): Promise<void> {
  const transitions = lastTransitions(state);
  return tenants.transaction(organization.tenantId, (tx) => project.execute(tx, { runId, transitions }));
}

const notify = (rules: unknown): Promise<unknown> =>
  sql(`update pipeline_versions set notify = $2 where id = $1`, pipeline.versionId, JSON.stringify(rules));
const mailsTo = (address: string, subject: RegExp | string) =>
  mailServer.mails.filter((mail) => {
    const to = Array.isArray(mail.to) ? mail.to[0]?.text : mail.to?.text;
    return to === address && mail.subject?.includes(pipeline.name) === true && new RegExp(subject).test(mail.subject);
  });
const alerts = (): Promise<ListedAlert[]> =>
  tenants.transaction(organization.tenantId, (tx) =>
    listAlerts(tx, { environmentId: organization.environmentId, pipeline: pipeline.pipelineId, limit: 50 }),
  );
const deliveriesOf = (webhook: Webhook) =>
  tenants.transaction(organization.tenantId, (tx) =>
    listDeliveries(tx, { environmentId: organization.environmentId, webhookId: webhook.id, limit: 50 }),
  );
const attemptsOf = (delivery: string) =>
  sql<{ number: number; ok: boolean; status: number | null; error: string | null; response: string | null }>(
    `select number, ok, status, error, response from delivery_attempts where delivery_id = $1 order by number`,
    delivery,
  );

async function webhook(
  path: string,
  format: WebhookFormat = 'standard',
): Promise<{ webhook: Webhook; secret: string }> {
  const url = path.startsWith('http') ? path : `http://127.0.0.1:${receiver.port}/${path}`;
  return tenants.transaction(organization.tenantId, (tx) =>
    secrets.create(
      tx,
      { ...actor, tenantId: tx.tenantId },
      {
        environmentId: organization.environmentId,
        name: `hook-${randomBytes(4).toString('hex')}`,
        url,
        format,
      },
    ),
  );
}
const received = (path: string) => receiver.requests.filter((request) => request.path === `/${path}`);
const test = (hook: Webhook): Promise<string> =>
  tenants.transaction(organization.tenantId, (tx) => testWebhook(tx, { ...actor, tenantId: tx.tenantId }, hook));
const over = (id: string) =>
  until(`the end of delivery ${id}`, async () => {
    const found = await tenants.transaction(organization.tenantId, (tx) => findDelivery(tx, id));
    return found !== undefined && found.state !== 'pending' ? found : undefined;
  });
const standing = (hook: Webhook): Promise<Webhook | undefined> =>
  tenants.transaction(organization.tenantId, (tx) => findWebhook(tx, hook.id));

const typeError: Failure = {
  name: 'TypeError',
  message: 'cannot read 17 of postgres://me:hunter2@db/x',
  stack: 'TypeError: cannot read\n    at load (file:///bundle/src/load.mjs:12:9)\n    at node:internal/x:1:1',
};
const rangeError: Failure = { ...typeError, name: 'RangeError' };

describe('an alert', () => {
  it('tells the owners of a hundred failures of one cause in one mail, with their count and cost', async () => {
    const runs = await endRuns(100, typeError, 750);
    const [mail] = await until('the mail', () => {
      const mails = mailsTo(owner, 'failed');
      return mails.length > 0 ? mails : undefined;
    });
    await pause(2_500);

    expect(mailsTo(owner, '').map(({ subject }) => subject)).toEqual([
      `[Millrace] ${pipeline.name} (production) failed: 100 failures of task "a", TypeError`,
    ]);
    expect(mail?.text).toContain('100 failures in 100 runs');
    expect(mail?.text).toContain('$0.000075000');
    expect(mail?.text).toContain('load (src/load.mjs:12)');
    expect(mail?.text).toContain(`https://millrace.example.com/runs/${runs[0] ?? ''}`);
    const whole = `${mail?.text ?? ''}${mail?.html === false ? '' : (mail?.html ?? '')}`;
    expect(whole).not.toContain('hunter2');
    expect(whole).not.toContain(output);
    expect(await alerts()).toMatchObject([
      { state: 'open', failures: 100n, runs: 100n, wasted: 75_000n, taskId: 'a', errorClass: 'TypeError', messages: 1 },
    ]);
  });

  it('keeps two causes apart, counts the end of a run once, and is closed by a success with the totals', async () => {
    await notify([{ on: ['failed', 'recovered'], email: ['ops@example.com', 'OPS@example.com'] }]);
    const [run = ''] = await endRuns(1, typeError);
    await endRuns(2, rangeError);
    await sql(
      `insert into outbox (tenant_id, kind, subject, payload) values ($1, 'run_ended', $2, $3)`,
      organization.tenantId,
      pipeline.pipelineId,
      { runId: run },
    );
    await until('two mails', () => (mailsTo('ops@example.com', 'failed').length >= 2 ? true : undefined));
    await endRuns(1);
    await until('two recoveries', () => (mailsTo('ops@example.com', 'recovered').length >= 2 ? true : undefined));
    const found = await alerts();

    expect(
      mailsTo('ops@example.com', '')
        .map(({ subject }) => subject?.replace(`[Millrace] ${pipeline.name} `, ''))
        .sort(),
    ).toEqual([
      '(production) failed: 1 failure of task "a", TypeError',
      '(production) failed: 2 failures of task "a", RangeError',
      '(production) recovered after 1 failure of task "a", TypeError',
      '(production) recovered after 2 failures of task "a", RangeError',
    ]);
    expect(mailsTo(owner, '')).toEqual([]);
    expect(found.map(({ state, failures }) => [state, failures]).sort()).toEqual([
      ['recovered', 1n],
      ['recovered', 2n],
    ]);
    expect(await sql(`select id from outbox where subject = $1`, pipeline.pipelineId)).toEqual([]);
  });

  it('that goes on is told again only after a long time, and a new one begins after a recovery', async () => {
    await endRuns(1, typeError);
    await until('the mail', () => (mailsTo(owner, 'failed').length > 0 ? true : undefined));
    await endRuns(2, typeError);
    await pause(3_000);
    expect(mailsTo(owner, '')).toHaveLength(1);

    shift.ms = 61 * 60_000;
    await sql(
      `update outbox set not_before = now() where kind = 'alert_due' and subject in (select id from alerts where pipeline_id = $1)`,
      pipeline.pipelineId,
    );
    await until('the reminder', () => (mailsTo(owner, 'still fails: 3 failures').length > 0 ? true : undefined));
    shift.ms = 0;
    await endRuns(1);
    await endRuns(1, typeError);
    await until('the new mail', () => (mailsTo(owner, ' failed: 1 failure').length > 1 ? true : undefined));
    expect(await alerts()).toHaveLength(2);
  });

  it('is told although the pipeline recovered before anybody heard of it', async () => {
    await notify([{ on: ['failed', 'recovered'], email: 'owners' }].map((rule) => ({ ...rule, email: ['owners'] })));
    await endRuns(1, typeError);
    await endRuns(1);
    await until('both mails', () => (mailsTo(owner, '').length >= 2 ? true : undefined));

    expect(mailsTo(owner, 'failed: 1 failure')).toHaveLength(1);
    expect(mailsTo(owner, 'recovered after 1 failure')).toHaveLength(1);
  });

  it('costs a healthy pipeline no row, and a pipeline whose rules are empty no message', async () => {
    await endRuns(3);
    const debts = await sql(`select kind from outbox where subject = $1`, pipeline.pipelineId);
    await notify([]);
    await endRuns(1, typeError);
    await until('the alert told to nobody', async () => (await alerts()).find(({ toldAt }) => toldAt !== null));

    expect(debts).toEqual([]);
    expect(mailsTo(owner, '')).toEqual([]);
  });

  it('follows a real run, from the runner to the mail server', async () => {
    const worker = await specRunner({
      connection,
      namespace: temporal.namespace,
      taskQueue: organization.taskQueue,
      tenants,
      runnerId: await seedRunner(database.superuserUrl, organization),
      poolId: organization.poolId,
      work: () => Promise.reject(new Error('no')),
    });
    const ended = worker.run();
    await start1();
    await until('the mail', () =>
      mailsTo(owner, 'failed: 1 failure of task "a", exit_code').length > 0 ? true : undefined,
    );
    worker.shutdown();
    await ended;
  });
});

function start1(): Promise<RunId> {
  return tenants.transaction(organization.tenantId, (tx) =>
    startRun.execute(tx, {
      environmentId: organization.environmentId,
      pipeline: pipeline.pipelineId,
      params: '{}',
      trigger: 'api',
      createdBy: 'usr_spec',
    }),
  );
}

describe('a deadline', () => {
  it('that passes is told of for a run that never began, and is closed by one that meets it', async () => {
    await sql(`update pipeline_versions set deadline_ms = 1200 where id = $1`, pipeline.versionId);
    await notify([{ on: ['deadline_missed', 'recovered'], email: ['owners'] }]);
    await start1();
    await until('the mail', () =>
      mailsTo(owner, 'missed its deadline: 1 run that never started').length > 0 ? true : undefined,
    );
    await endRuns(1);
    await until('the recovery', () => (mailsTo(owner, 'in time again').length > 0 ? true : undefined));
    const [alert] = await alerts();

    expect(alert).toMatchObject({ event: 'deadline_missed', state: 'recovered', errorClass: 'not_started', runs: 1n });
    expect(alert?.errorMessage).toContain('no runner had taken it');
  });

  it('that a run meets is forgotten', async () => {
    await sql(`update pipeline_versions set deadline_ms = 1500 where id = $1`, pipeline.versionId);
    const runId = await start1();
    await endRun(runId, 'succeeded');
    await until('the timer', async () => {
      const timers = await sql(`select id from outbox where kind = 'deadline' and subject = $1`, runId);
      return timers.length === 0 ? true : undefined;
    });

    expect(await alerts()).toEqual([]);
  });
});

describe('a webhook', () => {
  it('gets a signed message that its library verifies, also with the secret before the last rotation', async () => {
    const { webhook: hook, secret } = await webhook('signed');
    await notify([{ on: 'failed', webhook: hook.name }].map((rule) => ({ ...rule, on: ['failed'] })));
    await endRuns(2, typeError);
    const [request] = await until('the request', () =>
      received('signed').length > 0 ? received('signed') : undefined,
    );
    const rotated = await tenants.transaction(organization.tenantId, (tx) =>
      secrets.rotate(tx, { ...actor, tenantId: tx.tenantId }, hook.id, 1),
    );
    await over(await test(hook));
    const headers = (at: number) => received('signed')[at]?.headers as Record<string, string>;
    const payload = new Verifier(secret).verify(request?.body ?? '', headers(0)) as WebhookPayload;

    expect(webhookPayload.parse(payload)).toMatchObject({
      type: 'alert.failed',
      data: { count: 2, runCount: 2, wasted: { nanoUsd: '1000' }, cause: { class: 'TypeError', message: /\*\*\*@db/ } },
    } satisfies Record<string, unknown> as never);
    expect(request?.body).not.toContain(output);
    expect(() => new Verifier(secret).verify(received('signed')[1]?.body ?? '', headers(1))).not.toThrow();
    expect(() => new Verifier(rotated.secret).verify(received('signed')[1]?.body ?? '', headers(1))).not.toThrow();
    const other = `whsec_${randomBytes(32).toString('base64')}`;
    expect(() => new Verifier(other).verify(received('signed')[1]?.body ?? '', headers(1))).toThrow();
  });

  it('of Slack gets blocks and a text', async () => {
    const { webhook: hook } = await webhook('slack', 'slack');
    await notify([{ on: ['failed'], webhook: hook.name }]);
    await endRuns(1, { ...typeError, message: '<!channel> & so on' });
    const [request] = await until('the request', () => (received('slack').length > 0 ? received('slack') : undefined));
    const message = JSON.parse(request?.body ?? '') as { text: string; blocks: unknown[] };

    expect(message.text).toBe(`${pipeline.name} (production) failed: 1 failure of task "a", TypeError`);
    expect(message.blocks.length).toBeGreaterThan(2);
    expect(request?.body).toContain('&lt;!channel&gt; &amp; so on');
    expect(request?.headers).not.toHaveProperty('webhook-signature');
  });

  it('that fails gets the same message again, and every attempt is on record', async () => {
    const { webhook: hook } = await webhook('flaky');
    receiver.answer = (response) => {
      const first = received('flaky').length === 1;
      response.writeHead(first ? 503 : 200).end(first ? 'x'.repeat(5_000) : 'fine');
    };
    const delivery = await over(await test(hook));
    const attempts = await attemptsOf(delivery.id);
    const [first, second] = received('flaky');

    expect(delivery).toMatchObject({ state: 'succeeded', attempts: 2, reason: null });
    expect(attempts).toMatchObject([
      { number: 1, ok: false, status: 503, response: 'x'.repeat(1_024) },
      { number: 2, ok: true, status: 200, response: 'fine' },
    ]);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.body).toBe(first?.body);
    expect((await standing(hook))?.failingSince).toBeNull();
  });

  it('that redirects is not followed', async () => {
    const { webhook: hook } = await webhook('moved');
    receiver.answer = (response) => void response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    const id = await test(hook);
    const [attempt] = await until('an attempt', async () => {
      const attempts = await attemptsOf(id);
      return attempts.length > 0 ? attempts : undefined;
    });

    expect(attempt).toMatchObject({ ok: false, status: 302 });
    expect(attempt?.error).toContain('redirects are not followed');
    expect(received('moved')).toHaveLength(1);
  });

  it('that stalls is given up after 15 s, and meanwhile others are served', async () => {
    const { webhook: hook } = await webhook('stalls');
    const { webhook: quick } = await webhook('quick');
    receiver.answer = (response, { path }) => {
      if (path === '/quick') response.writeHead(200).end();
    };
    const id = await test(hook);
    await until('the request', () => (received('stalls').length > 0 ? true : undefined));
    await over(await test(quick));
    expect(await attemptsOf(id)).toEqual([]);
    const [attempt] = await until('the attempt', async () => {
      const attempts = await attemptsOf(id);
      return attempts.length > 0 ? attempts : undefined;
    });

    expect(attempt).toMatchObject({ ok: false, status: null, error: 'no answer within 15 s' });
  });

  it('that answers 410 is switched off, the owners are told, and the message can be replayed later', async () => {
    const { webhook: hook } = await webhook('gone');
    receiver.answer = (response) => void response.writeHead(410).end();
    const delivery = await over(await test(hook));
    await until('the notice', () =>
      mailServer.mails.find(({ subject }) => subject?.includes(`"${hook.name}" (production) was switched off`)),
    );
    const off = await standing(hook);
    receiver.answer = (response) => void response.writeHead(204).end();
    const replayed = await tenants.transaction(organization.tenantId, async (tx) => {
      const who = { ...actor, tenantId: tx.tenantId };
      await changeWebhook(tx, who, hook.id, { enabled: true });
      return replayDelivery(tx, who, delivery);
    });

    expect(delivery.state).toBe('failed');
    expect(off).toMatchObject({ disabledReason: 'it answered 410 Gone' });
    expect(await over(replayed)).toMatchObject({ state: 'succeeded', replayOf: delivery.id });
    const [first, second] = received('gone');
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  });

  it('that fails for 72 hours is switched off, and the delivery is given up', async () => {
    const { webhook: hook } = await webhook('dead');
    receiver.answer = (response) => void response.writeHead(500).end();
    const id = await test(hook);
    await until('the first attempt', async () => ((await attemptsOf(id)).length > 0 ? true : undefined));
    expect(await standing(hook)).toMatchObject({ disabledAt: null });
    shift.ms = patienceMs + 60_000;
    const delivery = await over(id);
    await until('the notice', () =>
      mailServer.mails.find(({ subject }) => subject?.includes(`"${hook.name}" (production) was switched off`)),
    );

    expect(delivery).toMatchObject({ state: 'failed', reason: 'the receiver answered 500' });
    expect(await standing(hook)).toMatchObject({ disabledReason: expect.stringContaining('72 hours') as string });
    await notify([{ on: ['failed'], webhook: hook.name }]);
    shift.ms = 0;
    await endRuns(1, typeError);
    const [refused] = await until('the refused delivery', async () => {
      const deliveries = await deliveriesOf(hook);
      return deliveries.length > 1 ? deliveries : undefined;
    });
    expect(refused).toMatchObject({ state: 'failed', reason: 'the webhook is switched off', attempts: 0 });
  });

  it.each([
    ['http://127.0.0.1:8080', 'not public'],
    ['http://10.0.0.1/', 'not public'],
    ['http://169.254.169.254/latest/meta-data/', 'not public'],
    ['http://[::1]:8080/', 'not public'],
    ['http://0x7f.1/', 'not public'],
    ['http://localhost/', 'not public'],
    ['http://127.0.0.1:25/', 'not open'],
  ])('is refused at %s', async (url, why) => {
    const { webhook: hook } = await webhook(url);
    const delivery = await over(await test(hook));

    expect(delivery).toMatchObject({ state: 'failed', attempts: 1 });
    expect(delivery.reason).toContain(why);
  });

  it('is no way around the openings of another organization', async () => {
    const before = organization;
    organization = await seedOrganization(database.superuserUrl, { slug: 'spec-b' });
    try {
      const { webhook: hook } = await webhook('stranger');
      expect((await over(await test(hook))).reason).toContain('not public');
      expect(received('stranger')).toEqual([]);
    } finally {
      organization = before;
    }
  });
});

describe('mail', () => {
  it('is sent again while the server cannot take it, and given up where it never will', async () => {
    mailServer.refuseWith = 451;
    await endRuns(1, typeError);
    const pending = await until('a failed attempt', async () => {
      const [row] = await sql<{ id: string; state: string; reason: string | null }>(
        `select id, state, reason from deliveries where alert_id in (select id from alerts where pipeline_id = $1) and attempts > 0`,
        pipeline.pipelineId,
      );
      return row;
    });
    expect(pending.state).toBe('pending');
    mailServer.refuseWith = undefined;
    expect(await over(pending.id)).toMatchObject({ state: 'succeeded' });

    pipeline = await seedPipeline(database.superuserUrl, organization);
    mailServer.refuseWith = 550;
    await endRuns(1, typeError);
    const id = await until('a delivery', async () => {
      const [row] = await sql<{ id: string }>(
        `select id from deliveries where alert_id in (select id from alerts where pipeline_id = $1)`,
        pipeline.pipelineId,
      );
      return row?.id;
    });
    expect(await over(id)).toMatchObject({ state: 'failed', attempts: 1 });
  });

  it('of accounts goes the same way and stands in no list', async () => {
    await tenants.transaction(organization.tenantId, (tx) =>
      oweMail(tx, organization.tenantId, { to: 'new@example.com', subject: 'Verify your address', text: 'a link' }),
    );
    const mail = await until('the mail', () =>
      mailServer.mails.find(({ subject }) => subject === 'Verify your address'),
    );

    expect(mail.text?.trim()).toBe('a link');
    expect(mail.from?.text).toBe('"Millrace" <millrace@example.com>');
    expect(await sql(`select id from deliveries where target = 'new@example.com'`)).toEqual([]);
  });
});

describe('an orchestrator that goes away', () => {
  it('leaves counted causes, due messages and deliveries for the next one', async () => {
    const { webhook: hook } = await webhook('later');
    await notify([{ on: ['failed'], webhook: hook.name }]);
    receiver.answer = (response) => void response.writeHead(503).end();
    await endRuns(3, typeError);
    await orchestrator.close();
    await endRuns(2, typeError);
    receiver.answer = (response) => void response.writeHead(200).end();
    orchestrator = await start();
    await until('the message', () => received('later').at(-1)?.body.includes('"count":5'));
    const deliveries = await deliveriesOf(hook);

    expect(deliveries).toHaveLength(1);
    expect(await alerts()).toMatchObject([{ failures: 5n, runs: 5n, messages: 1 }]);
  });
});
