import { fileURLToPath } from 'node:url';
import type { HttpClient } from '@millrace/clients';
import { newId } from '@millrace/kernel';
import { asSuper, type TestDatabase, testDatabase } from '@millrace/testing';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ApiProcess } from '../isolation/api-process.js';
import { signUp } from '../platform/organization.js';
import { accessibilityFindings } from './accessibility.js';
import { openBrowser, Person } from './console-browser.js';

const consoleFolder = fileURLToPath(new URL('../../apps/console/dist/site', import.meta.url));
const patience = { timeout: 20_000 };

/** What needs the API alone: no run is started here. */
describe('what people edit in the console', () => {
  let database: TestDatabase;
  let api: ApiProcess;
  let browser: Browser;
  let ann: Person;
  /** Somebody else of the same organization. */
  let other: HttpClient;

  beforeAll(async () => {
    [database, browser] = await Promise.all([testDatabase(), openBrowser()]);
    api = await ApiProcess.start(database, { MILLRACE_CONSOLE: consoleFolder });
    other = await signUp(api.url, 'editors');
    ann = await Person.arrive(browser, api.url);
    const { page } = ann;
    await page.goto('/login');
    await page.getByLabel('E-mail address').fill('somebody@editors.example');
    await page.getByLabel('Password').fill('a long enough password for a test');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.waitForURL('**/pipelines');
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await api?.stop();
    await database?.drop();
  });

  afterEach(() => {
    expect(ann.takeComplaints()).toEqual([]);
  });

  it('makes a webhook, tests it, rotates its secret, switches it off and on', async () => {
    const { page } = ann;
    await ann.open('/alerts');
    await ann.picture('alerts');
    await page.getByRole('link', { name: 'Webhooks' }).click();
    await page.getByRole('button', { name: 'New webhook' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('ops');
    await dialog.getByLabel('Address').fill('https://hooks.example/ops');
    await dialog.getByRole('button', { name: 'Make the webhook' }).click();
    const secret = (await dialog.getByLabel('Signing secret', { exact: true }).textContent()) ?? '';
    expect(secret).toMatch(/^whsec_/);
    await dialog.getByRole('button', { name: 'I have copied it' }).click();
    await page.getByRole('row').filter({ hasText: 'ops' }).getByText('On').waitFor();

    await page.getByRole('button', { name: 'Test ops' }).click();
    await page.getByText('A test message is on its way').waitFor();
    await page.getByRole('button', { name: 'Rotate the secret of ops' }).click();
    await dialog.getByRole('button', { name: 'Rotate' }).click();
    const next = dialog.getByLabel('Signing secret', { exact: true });
    await next.waitFor();
    expect(await next.textContent()).not.toBe(secret);
    await dialog.getByRole('button', { name: 'I have copied it' }).click();
    await page.getByRole('button', { name: 'Switch off ops' }).click();
    await page.getByText('Off', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Switch on ops' }).click();
    await page.getByText('On', { exact: true }).waitFor();
    await ann.picture('webhooks');
  });

  it('shows what was delivered, and sends it again', async () => {
    const { page } = ann;
    // Nobody delivers here; one that arrived is put there.
    const id = newId('delivery');
    await asSuper(
      database.superuserUrl,
      `insert into deliveries (tenant_id, id, environment_id, message_id, type, channel, target, webhook_id, payload, state,
         attempts, ended_at)
       select tenant_id, $1, environment_id, $1, 'alert.failed', 'webhook', name, id, '{"type": "alert.failed"}', 'succeeded', 1, now()
       from webhooks where name = 'ops'`,
      [id],
    );
    await asSuper(
      database.superuserUrl,
      `insert into delivery_attempts (tenant_id, delivery_id, number, at, duration_ms, ok, status, response)
       select tenant_id, id, 1, now(), 12, true, 200, 'thank you' from deliveries where id = $1`,
      [id],
    );
    await ann.open('/alerts/deliveries');
    const arrived = page.getByRole('row').filter({ hasText: 'alert.failed' });
    await arrived.getByRole('button').first().click();
    await page.getByRole('dialog').getByText('thank you').waitFor();
    await ann.picture('delivery');
    await page.getByRole('dialog').getByRole('button', { name: 'Send it again' }).click();
    await page.getByText('It is being sent again').waitFor();
    await expect.poll(() => arrived.count(), patience).toBe(2);
  });

  it('says who is told, in a form', async () => {
    const { page } = ann;
    await ann.open('/alerts/rules');
    await page.getByText('The default:').waitFor();
    await page.getByRole('button', { name: 'Change the rules' }).click();
    const dialog = page.getByRole('dialog');
    const first = dialog.getByRole('group', { name: 'Rule 1' });
    await first.getByLabel('it succeeded again').check();
    await dialog.getByRole('button', { name: 'Add a rule' }).click();
    const second = dialog.getByRole('group', { name: 'Rule 2' });
    await second.getByLabel('Tell', { exact: true }).selectOption('webhook');
    await dialog.getByRole('button', { name: 'Change', exact: true }).click();
    await second.getByText('Choose a webhook.').waitFor();
    await second.getByLabel('Webhook', { exact: true }).selectOption('ops');
    // The server judges addresses.
    await first.getByLabel('Addresses').fill('owners, nobody');
    await dialog.getByRole('button', { name: 'Change', exact: true }).click();
    await first.getByRole('alert').waitFor();
    expect(ann.takeComplaints(/status of 422/)).toEqual([]);
    await first.getByLabel('Addresses').fill('owners, ops@editors.example');
    await ann.picture('rules');
    expect(await accessibilityFindings(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Change', exact: true }).click();
    await page.getByText('webhook ops').waitFor();
    expect((await other.get<{ notify: unknown }>('/v1/environments/production')).notify).toEqual([
      { on: ['failed', 'recovered'], email: ['owners', 'ops@editors.example'] },
      { on: ['failed'], webhook: 'ops' },
    ]);
    await page.getByRole('button', { name: 'Change the rules' }).click();
    await dialog.getByRole('button', { name: 'Back to the default' }).click();
    await page.getByText('The default:').waitFor();
  });

  it('overwrites nothing that somebody else has changed meanwhile', async () => {
    const { page } = ann;
    await other.raw('PUT', '/v1/variables/BUCKET', { json: { value: 'one' } });
    await ann.open('/variables');
    await page.getByRole('button', { name: 'Change BUCKET' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Value').fill('mine');
    await other.raw('PUT', '/v1/variables/BUCKET', { json: { value: 'two' } });
    await dialog.getByRole('button', { name: 'Change', exact: true }).click();
    await dialog.getByText('Somebody has changed it').waitFor();
    await ann.picture('changed-meanwhile');
    expect(ann.takeComplaints(/status of 412/)).toEqual([]);
    expect((await other.get<{ value: string }>('/v1/variables/BUCKET')).value).toBe('two');
    await page.keyboard.press('Escape');
    // What is there now is shown, also where the list is older.
    await page.getByRole('button', { name: 'Change BUCKET' }).click();
    expect(await dialog.getByLabel('Value').inputValue()).toBe('two');
    await dialog.getByLabel('Value').fill('mine');
    await dialog.getByRole('button', { name: 'Change', exact: true }).click();
    await page.getByRole('row').filter({ hasText: 'mine' }).waitFor();
  });

  it('compares two versions of a pipeline', async () => {
    const { page } = ann;
    const push = (script: string, more: object) => {
      const tasks = {
        load: { type: 'shell', script, ...more },
        tell: { type: 'shell', script: 'true', needs: ['load'] },
      };
      return other.post('/v1/deployments', { pipelines: [{ pipeline: 'nightly', tasks }] });
    };
    await push('echo one', {});
    await push('echo two', { timeout: '5m' });
    await ann.open('/pipelines/nightly/versions');
    await page.getByRole('button', { name: 'Compare' }).click();
    const dialog = page.getByRole('dialog', { name: 'Compare versions' });
    const load = dialog.getByRole('region', { name: 'Task load' });
    await load.getByText('echo one').waitFor();
    await load.getByText('echo two').waitFor();
    await load.getByText('/timeout').waitFor();
    expect(await dialog.getByRole('region', { name: 'Task tell' }).count()).toBe(0);
    await ann.picture('compare');
    expect(await accessibilityFindings(page)).toEqual([]);
    await dialog.getByLabel('From').selectOption({ label: 'v2 (active)' });
    await dialog.getByText('Nothing differs').waitFor();
    await page.keyboard.press('Escape');
  });

  it('deletes an environment, and says what is in the way', async () => {
    const { page } = ann;
    await other.post('/v1/environments', { slug: 'staging' });
    const bound = await other.post<{ id: string }>('/v1/api-keys', {
      name: 'ci',
      scopes: ['read'],
      environment: 'staging',
    });
    await ann.open('/settings');
    expect(await page.getByRole('button', { name: 'Delete production' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Delete staging' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill('staging');
    await dialog.getByRole('button', { name: 'Delete the environment' }).click();
    await dialog.getByText('API keys that are bound to it').waitFor();
    expect(ann.takeComplaints(/status of 409/)).toEqual([]);
    await ann.picture('environment-in-use');
    await other.raw('DELETE', `/v1/api-keys/${bound.id}`, {});
    await dialog.getByRole('button', { name: 'Delete the environment' }).click();
    await page.getByText('Environment staging deleted.').waitFor();
    expect(await page.getByRole('row').filter({ hasText: 'staging' }).count()).toBe(0);
  });

  it('starts a run on a telephone', async () => {
    const { page } = ann;
    const long = 'a-pipeline-whose-name-says-what-it-is-about';
    const tasks = { load: { type: 'shell', script: 'true' } };
    await other.post('/v1/deployments', { pipelines: [{ pipeline: long, tasks }] });
    for (let n = 0; n < 10; n += 1) await other.post(`/v1/pipelines/${long}/runs`, { params: {} });
    await page.setViewportSize({ width: 390, height: 844 });
    await ann.open('/pipelines');
    await ann.picture('phone-pipelines');
    const row = page.getByRole('row').filter({ hasText: long });
    const inSight = async (button: Locator): Promise<void> => {
      await button.waitFor();
      const box = await button.boundingBox();
      expect(box?.x).toBeGreaterThanOrEqual(0);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(390);
    };
    await inSight(row.getByRole('button', { name: 'Run' }));
    await page.getByRole('link', { name: 'nightly' }).click();
    const run = page.getByRole('button', { name: 'Run now' });
    await inSight(run);
    await ann.picture('phone-pipeline');
    await run.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Run', exact: true }).click();
    await page.waitForURL('**/runs/run_*');
    await ann.settle();
    await ann.picture('phone-run');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the run' }).click();
    await page.getByRole('button', { name: 'Being cancelled' }).waitFor();
  });
});
