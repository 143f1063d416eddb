import { randomBytes } from 'node:crypto';
import { WebhookSecrets } from '@millrace/alerts';
import { openDataSource, TenantDatabase } from '@millrace/database';
import { newId, type OrganizationId } from '@millrace/kernel';
import { SealedText } from '@millrace/tenancy';
import type request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccountBench, codeOf, type Session } from '../../testing/account-bench.js';
import { startApi } from '../../testing/start-api.js';

let bench: AccountBench;
let owner: Session;

beforeAll(async () => {
  bench = await AccountBench.start();
  owner = await bench.signUp();
});
afterAll(async () => {
  await bench.stop();
});

interface Hook {
  readonly id: string;
  readonly url: string;
  readonly secret: string;
}

const call = (method: Parameters<AccountBench['call']>[0], path: string, body?: object): request.Test => {
  const test = bench.call(method, path, owner.accessToken);
  return body === undefined ? test : test.send(body);
};
async function create(body: object): Promise<Hook> {
  const made = await call('post', '/v1/webhooks', body);
  expect(made.status, made.text).toBe(201);
  return made.body as Hook;
}
const newName = (): string => `hook-${randomBytes(4).toString('hex')}`;

describe('webhooks', () => {
  it('show their secret once, keep it sealed, and give another one with an overlap', async () => {
    const made = await create({ name: newName(), url: 'https://hooks.example.com/a' });
    const shown = await call('get', `/v1/webhooks/${made.id}`);
    const rotated = await call('post', `/v1/webhooks/${made.id}:rotate`, { overlapHours: 2 });
    const [row] = await bench.sql<{ secret: string; previous_secret: string }>(
      `select secret, previous_secret from webhooks where id = $1`,
      [made.id],
    );
    const app = await openDataSource({ url: bench.database.appUrl, poolSize: 2, applicationName: 'spec' });
    const vault = new WebhookSecrets(new SealedText(bench.api.config.masterKey, 'webhook-secrets'));
    const read = (now: Date): Promise<readonly string[]> =>
      new TenantDatabase(app).transaction(owner.organizationId as OrganizationId, (tx) =>
        vault.read(tx, made.id as Parameters<typeof vault.read>[1], now),
      );
    const next = (rotated.body as Hook).secret;

    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(shown.body).not.toHaveProperty('secret');
    expect(JSON.stringify(row)).not.toContain(made.secret.slice(6));
    expect(await read(new Date())).toEqual([next, made.secret]);
    expect(await read(new Date(Date.now() + 3 * 3_600_000))).toEqual([next]);
    await app.destroy();
  });

  it('refuse what is no place for messages, and hide the path of a Slack address', async () => {
    const slack = await create({ name: newName(), url: 'https://hooks.slack.com/services/T0/B0/zz', format: 'slack' });
    const taken = newName();
    await create({ name: taken, url: 'https://a.example' });
    const refusals = await Promise.all(
      [
        { name: newName(), url: 'ftp://a.example' },
        { name: newName(), url: 'https://me:pass@a.example/' },
        { name: 'Not A Name', url: 'https://a.example/' },
        { name: newName(), url: 'https://a.example/', colour: 'red' },
        { name: taken, url: 'https://b.example/' },
      ].map(async (body) => (await call('post', '/v1/webhooks', body)).status),
    );

    expect(refusals).toEqual([422, 422, 422, 422, 409]);
    expect(slack.url).toBe('https://hooks.slack.com/…');
    const audit = await call('get', '/v1/audit-events');
    expect(audit.text).not.toContain('services/T0');
  });

  it('are tested, listed with their deliveries, switched off and on, and deleted', async () => {
    const hook = await create({ name: newName(), url: 'https://hooks.example.com/b' });
    const tested = await call('post', `/v1/webhooks/${hook.id}:test`);
    const delivery = tested.body as { id: string; messageId: string };
    const page = await call('get', `/v1/webhooks/${hook.id}/deliveries`);
    const details = await call('get', `/v1/deliveries/${delivery.id}`);
    const pending = await call('post', `/v1/deliveries/${delivery.id}:replay`);
    await bench.sql(`update deliveries set state = 'failed', ended_at = now() where id = $1`, [delivery.id]);
    const replayed = await call('post', `/v1/deliveries/${delivery.id}:replay`);
    const off = await call('patch', `/v1/webhooks/${hook.id}`, { enabled: false });
    const refused = await call('post', `/v1/webhooks/${hook.id}:test`);
    const on = await call('patch', `/v1/webhooks/${hook.id}`, { enabled: true });
    const gone = await call('delete', `/v1/webhooks/${hook.id}`);
    const kept = await call('get', `/v1/deliveries/${delivery.id}`);
    const debts = await bench.sql(`select kind from outbox where subject = $1`, [delivery.id]);

    expect(tested.status).toBe(201);
    expect(page.body).toMatchObject({ data: [{ id: delivery.id, state: 'pending', type: 'webhook.test' }] });
    expect(details.body).toMatchObject({ payload: { type: 'webhook.test' }, log: [] });
    expect(debts).toEqual([{ kind: 'delivery' }]);
    expect(codeOf(pending)).toBe('delivery.pending');
    expect(replayed.body).toMatchObject({ replayOf: delivery.id, messageId: delivery.messageId, state: 'pending' });
    expect(off.body).toMatchObject({ enabled: false, disabledReason: 'switched off' });
    expect(codeOf(refused)).toBe('webhook.disabled');
    expect(on.body).toMatchObject({ enabled: true, disabledReason: null });
    expect(gone.status).toBe(204);
    expect(kept.body).toMatchObject({ webhookId: null, state: 'failed' });
    expect((await call('get', `/v1/webhooks/${hook.id}`)).status).toBe(404);
  });

  it('belong to an environment, and so does who is told', async () => {
    await call('post', '/v1/environments', { slug: 'staging' });
    const hook = (await call('post', '/v1/webhooks?environment=staging', { name: 'ops', url: 'https://a.example' }))
      .body as Hook;
    const key = await call('post', '/v1/api-keys', { name: 'k', scopes: ['read'], environment: 'production' });
    const bound = await bench.call('get', `/v1/webhooks/${hook.id}`, (key.body as { key: string }).key);
    const notify = [
      { on: 'failed', webhook: 'ops' },
      { on: ['recovered', 'failed', 'failed'], email: 'owners' },
    ];
    const set = await call('patch', '/v1/environments/staging', { notify });
    const wrong = await call('patch', '/v1/environments/staging', { notify: [{ on: 'exploded', email: 'owners' }] });
    const unknown = await call('patch', '/v1/environments/staging', {
      notify: [notify[1], { on: 'failed', webhook: 'x' }],
    });
    const cleared = await call('patch', '/v1/environments/staging', { notify: null });

    expect(bound.status).toBe(404);
    expect(set.body).toMatchObject({
      notify: [
        { on: ['failed'], webhook: 'ops' },
        { on: ['recovered', 'failed'], email: ['owners'] },
      ],
    });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('/notify/0/on');
    expect(unknown.status).toBe(422);
    expect(unknown.body).toMatchObject({
      code: 'notify.unknown_webhook',
      errors: [{ pointer: '/notify/1/webhook', hint: 'create it first: POST /v1/webhooks' }],
    });
    expect(cleared.body).toMatchObject({ notify: null });
  });
});

describe('the mailbox', () => {
  const mail = (to: string, subject: string): Promise<unknown> =>
    bench.sql(
      `insert into mailbox_messages (id, message_id, to_address, subject, body_text) values ($1, $1, $2, $3, 'text')`,
      [newId('message'), to, subject],
    );

  it('shows each person the mail to their own address, and no other', async () => {
    const slug = `box-${randomBytes(3).toString('hex')}`;
    const person = await bench.signUp(slug, `Some.One@${slug}.example`);
    await mail(`some.one@${slug}.example`, 'mine');
    await mail(`other@${slug}.example`, 'not mine');
    const list = await bench.call('get', '/v1/mailbox', person.accessToken);
    const key = await bench.call('post', '/v1/api-keys', person.accessToken).send({ name: 'k', scopes: ['read'] });
    const byKey = await bench.call('get', '/v1/mailbox', (key.body as { key: string }).key);
    const { data } = list.body as { data: { id: string; subject: string }[] };
    const own = data.filter(({ subject }) => ['mine', 'not mine'].includes(subject));
    const one = await bench.call('get', `/v1/mailbox/${own[0]?.id ?? ''}`, person.accessToken);
    const strange = await bench.call('get', `/v1/mailbox/${own[0]?.id ?? ''}`, owner.accessToken);

    expect(own.map(({ subject }) => subject)).toEqual(['mine']);
    expect(one.body).toMatchObject({ subject: 'mine', text: 'text' });
    expect(strange.status).toBe(404);
    expect(codeOf(byKey)).toBe('mailbox.person_needed');
  });

  it('is not there where mail is sent, or in production', async () => {
    const other = await startApi(bench.database, { mailbox: false });
    const { default: agent } = await import('supertest');
    const answer = await agent(other.server).get('/v1/mailbox').set('authorization', `Bearer ${owner.accessToken}`);
    await other.close();

    expect(codeOf(answer)).toBe('mailbox.none');
  });
});
