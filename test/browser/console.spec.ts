import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Platform } from '../platform/platform.js';
import { accessibilityFindings } from './accessibility.js';
import { emailOf, openBrowser, password, Person } from './console-browser.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const unauthorized = /status of 401/;

describe('the console', () => {
  let platform: Platform;
  let browser: Browser;
  /** Owner of the organization that most of it happens in. */
  let ann: Person;
  let sampleRun: string;

  const arrive = (): Promise<Person> => Person.arrive(browser, platform.url);

  beforeAll(async () => {
    [platform, browser] = await Promise.all([
      Platform.start({ root, egressOpen: [], environment: { MILLRACE_SIGNUP_RATE: '1000' } }),
      openBrowser(),
    ]);
    ann = await arrive();
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await platform?.remove();
  }, 60_000);

  afterEach(() => {
    expect(ann.takeComplaints()).toEqual([]);
  });

  it('leads from the sign-up to the first run', async () => {
    const { page } = ann;
    await page.goto('/');
    await page.waitForURL('**/login');
    await ann.picture('log-in');
    await page.getByRole('link', { name: 'Sign up' }).click();
    await page.getByLabel('Organization').fill('Ann & Søren GmbH');
    await expect.poll(() => page.getByLabel('Short name').inputValue()).toBe('ann-s-ren-gmbh');
    await page.getByLabel('Short name').fill('Not A Slug');
    await page.getByLabel('Your name').fill('Ann');
    await page.getByLabel('E-mail address').fill(emailOf('Ann'));
    await page.getByLabel('Password').fill('short');
    await page.getByRole('button', { name: 'Sign up' }).click();
    // Each message stands at its field and is tied to it.
    await page.getByText('Must have at least 10 characters').waitFor();
    expect(await page.getByLabel('Short name').getAttribute('aria-invalid')).toBe('true');
    expect(ann.takeComplaints(/status of 422/)).toEqual([]);
    await page.getByLabel('Short name').fill('ann');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign up' }).click();

    await page.getByRole('heading', { name: 'Push your first pipeline' }).waitFor();
    expect(await page.getByLabel('Commands with curl', { exact: true }).textContent()).toContain(
      `'${platform.url}/v1/deployments'`,
    );
    await ann.picture('first-pipeline');
    await page.getByRole('button', { name: 'Try the sample' }).click();
    await page.waitForURL('**/runs/run_*');
    sampleRun = /run_\w+/.exec(page.url())?.[0] ?? '';
    await page.getByText('Succeeded').first().waitFor({ timeout: 60_000 });
    await ann.picture('run-of-the-sample');
  }, 120_000);

  it('opens the log, the times and the cost of that run', async () => {
    const { page } = ann;
    await ann.open(`/runs/${sampleRun}/grid`);
    await page.locator('.grid-row__name').first().click();
    const panel = page.getByRole('complementary', { name: /^Task / });
    await panel.getByRole('region', { name: 'Log' }).locator('.log__line').first().waitFor();
    const times = panel.getByRole('region', { name: 'Times' });
    for (const step of ['accepted', 'leased', 'started', 'ended', 'committed']) {
      await times.getByRole('rowheader', { name: step }).waitFor();
    }
    await ann.picture('task-of-a-run');
    await page.getByRole('link', { name: 'Cost', exact: true }).click();
    await expect.poll(() => page.locator('.cost__total').textContent(), { timeout: 20_000 }).toMatch(/^\$0\.\d{4,}$/);
    await ann.picture('cost-of-a-run');
  });

  it('shows the pipeline, its runs, versions and definition, and runs it with the form of its params', async () => {
    const { page } = ann;
    await ann.open('/');
    const row = page.getByRole('row').filter({ hasText: 'first-steps' });
    await row.getByText('Succeeded').first().waitFor();
    await page.getByRole('link', { name: 'first-steps' }).click();
    await page.getByRole('button', { name: 'Run now' }).click();
    const dialog = page.getByRole('dialog');
    const hours = dialog.getByLabel('hours');
    expect(await hours.inputValue()).toBe('24');
    await hours.fill('five');
    await dialog.getByRole('button', { name: 'Run', exact: true }).click();
    await dialog.getByText('Must be a number.').waitFor();
    await hours.fill('5');
    await dialog.getByRole('button', { name: 'Run', exact: true }).click();
    // The platform knows the minimum; its word stands at the field too.
    await dialog.locator('.field__error').waitFor();
    await ann.picture('run-now');
    expect(ann.takeComplaints(/status of 422/)).toEqual([]);
    await hours.fill('12');
    await dialog.getByLabel('Write the report').uncheck();
    await dialog.getByRole('button', { name: 'Run', exact: true }).click();
    await page.waitForURL('**/runs/run_*');

    await ann.open('/pipelines/first-steps/versions');
    await page.getByText('Active').first().waitFor();
    await page.getByRole('link', { name: 'Definition' }).click();
    expect(await page.getByLabel('Definition of v1', { exact: true }).textContent()).toContain('pipeline: first-steps');
    await ann.picture('definition');
  });

  it('keeps the filters of the runs in the address, and shows runs as they come', async () => {
    const { page } = ann;
    await ann.open('/runs');
    await page.getByLabel('State', { exact: true }).selectOption('failed');
    await page.getByText('No run is like this').waitFor();
    expect(new URL(page.url()).searchParams.get('state')).toBe('failed');
    await page.reload();
    await page.getByText('No run is like this').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('row').nth(2).waitFor();

    const other = await ann.secondPage();
    await other.goto('/pipelines/first-steps');
    await other.getByRole('button', { name: 'Run now' }).click();
    await other.getByRole('dialog').getByRole('button', { name: 'Run', exact: true }).click();
    await other.waitForURL('**/runs/run_*');
    await other.close();
    await page.getByRole('row').nth(3).waitFor();
    await ann.picture('runs');
  });

  it('pauses a pipeline: nothing can be started until it goes on', async () => {
    const { page } = ann;
    await ann.open('/pipelines/first-steps');
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Unpause' }).waitFor();
    expect(await page.getByRole('button', { name: 'Run now' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Unpause' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
  });

  it('takes secrets without ever showing them, connections and variables', async () => {
    const { page } = ann;
    await ann.open('/secrets');
    await page.getByText('There is no secret yet').waitFor();
    await page.getByRole('button', { name: 'New secret' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('WAREHOUSE_PASSWORD');
    await page.getByRole('dialog').getByLabel('Value').fill('a value that must not be seen');
    await page.getByRole('button', { name: 'Set the secret' }).click();
    await page.getByRole('row').filter({ hasText: 'WAREHOUSE_PASSWORD' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Replace WAREHOUSE_PASSWORD' }).click();
    expect(await page.getByRole('dialog').getByLabel('Value').inputValue()).toBe('');
    expect(await page.content()).not.toContain('must not be seen');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    await ann.open('/connections');
    await page.getByRole('button', { name: 'New connection' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('warehouse');
    await dialog.getByLabel('Host').fill('warehouse.example.com');
    await dialog.getByLabel('Password').selectOption('WAREHOUSE_PASSWORD');
    await dialog.getByRole('button', { name: 'Set the connection' }).click();
    await page.getByRole('row').filter({ hasText: 'warehouse.example.com:5432' }).waitFor();

    await ann.open('/variables');
    await page.getByRole('button', { name: 'New variable' }).click();
    await dialog.getByLabel('Name').fill('BUCKET');
    await dialog.getByLabel('Value').fill('s3://landing');
    await dialog.getByRole('button', { name: 'Set the variable' }).click();
    await page.getByRole('row').filter({ hasText: 's3://landing' }).waitFor();
    await page.getByRole('button', { name: 'Delete BUCKET' }).click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('There is no variable yet').waitFor();
  });

  it('shows a new API key once', async () => {
    const { page } = ann;
    await ann.open('/api-keys');
    await page.getByRole('button', { name: 'New key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('laptop');
    await dialog.getByRole('button', { name: 'Make the key' }).click();
    const key = (await dialog.getByLabel('API key', { exact: true }).textContent()) ?? '';
    const answer = await fetch(`${platform.url}/v1/me`, { headers: { authorization: `Bearer ${key}` } });
    expect(answer.status).toBe(200);
    await dialog.getByRole('button', { name: 'I have copied it' }).click();
    await page.getByRole('row').filter({ hasText: 'laptop' }).waitFor();
    expect(await page.content()).not.toContain(key);
    await page.getByRole('button', { name: 'Revoke laptop' }).click();
    await dialog.getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('Revoked').waitFor();
    expect((await fetch(`${platform.url}/v1/me`, { headers: { authorization: `Bearer ${key}` } })).status).toBe(401);
  });

  it('says what was used, and hands out the ledger', async () => {
    const { page } = ann;
    await ann.open('/usage');
    await page.getByRole('row').filter({ hasText: 'first-steps' }).waitFor();
    await page.locator('.day-chart canvas').waitFor();
    expect(await page.locator('.usage__figure').first().textContent()).toMatch(/^\$0\.\d{4,}$/);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Ledger (CSV)' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('ledger.csv');
    await ann.picture('usage');
  });

  it('keeps the session over a reload, in memory and in a cookie that no script reads', async () => {
    const { page } = ann;
    await page.reload();
    await page.getByRole('heading', { name: 'Usage' }).waitFor();
    const readable = await page.evaluate(
      'document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)',
    );
    expect(readable).not.toMatch(/mr_/);
    expect(readable).not.toContain('Bearer');
  });

  it('goes by the keyboard alone', async () => {
    const { page } = ann;
    await ann.open('/');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('first-st');
    await page.getByRole('listbox', { name: 'Results' }).getByRole('option', { name: 'first-steps' }).waitFor();
    await ann.picture('palette');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'first-steps', level: 1 }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('combobox').waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await page.keyboard.press('Escape');

    // A dialog takes the focus, keeps it, and gives it back.
    const runNow = page.getByRole('button', { name: 'Run now' });
    await runNow.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByLabel('hours').waitFor();
    expect(await page.evaluate(`document.activeElement.closest('dialog') !== null`)).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.textContent')).toContain('Run now');

    // Menus go by arrows.
    await page.getByRole('button', { name: 'Account' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Light');
    await page.keyboard.press('Escape');
    expect(await page.evaluate(`document.activeElement.getAttribute('aria-haspopup')`)).toBe('menu');
  });

  it('is dark where the system or the person wants it', async () => {
    const { page } = ann;
    const background = (): Promise<unknown> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    await ann.open('/');
    const light = await background();
    await page.emulateMedia({ colorScheme: 'dark' });
    const dark = await background();
    expect(dark).not.toBe(light);
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitemradio', { name: 'Light' }).click();
    expect(await background()).toBe(light);
    await page.reload();
    expect(await background()).toBe(light);
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await background()).toBe(dark);
    await ann.picture('dark');
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitemradio', { name: 'As the system' }).click();
    expect(await background()).toBe(light);
  });

  it('shows nothing of one organization to another', async () => {
    const eve = await arrive();
    const { page } = eve;
    await eve.signUp('Eve', 'Eve');
    await page.getByRole('heading', { name: 'Push your first pipeline' }).waitFor();
    await eve.open('/runs');
    await page.getByText('Nothing has run yet').waitFor();
    await page.goto(`/runs/${sampleRun}`);
    await page
      .getByText(/no such|not found/i)
      .first()
      .waitFor();
    await page.goto('/pipelines/first-steps');
    await page.getByText('There is no such page').waitFor();
    for (const [address, text] of [
      ['/secrets', 'There is no secret yet'],
      ['/connections', 'There is no connection yet'],
      ['/usage', 'Nothing has been used in this time'],
    ] as const) {
      await eve.open(address);
      await page.getByText(text).waitFor();
    }
    expect(eve.takeComplaints(/status of 404/)).toEqual([]);

    // The next person at the same browser sees nothing of the one before.
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await page.waitForURL('**/login**');
    await page.goto('/login');
    await page.getByLabel('E-mail address').fill(emailOf('Ann'));
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('link', { name: 'first-steps' }).waitFor();
    expect(eve.takeComplaints()).toEqual([]);
    await eve.leave();
  });

  it('verifies the e-mail address by the link of the mail', async () => {
    const { page } = ann;
    await ann.open('/mailbox');
    await page.getByText('Until then you cannot invite anybody').waitFor();
    await page.getByRole('button', { name: /^Read/ }).last().click();
    await page.getByRole('dialog').getByRole('link', { name: '/verify-email' }).click();
    await page.getByText('Your address is verified.').waitFor();
    await page.getByRole('link', { name: 'Go on' }).click();
    await page.getByRole('link', { name: 'first-steps' }).waitFor();
    expect(await page.getByText('Until then you cannot invite anybody').count()).toBe(0);
  });

  it('renews the session once, however many requests are refused', async () => {
    const { page } = ann;
    await ann.open('/pipelines');
    let renewals = 0;
    let old: string | undefined;
    await page.route('**/v1/**', async (route) => {
      const request = route.request();
      const token = request.headers()['authorization'];
      if (request.url().endsWith('/v1/token:refresh')) renewals += 1;
      else old ??= token;
      if (token === undefined || token !== old) await route.continue();
      else
        await route.fulfill({ status: 401, contentType: 'application/problem+json', body: '{"code":"auth.expired"}' });
    });
    await page.keyboard.press('g');
    await page.keyboard.press('u');
    // The page before has such a row too.
    await page.getByRole('heading', { name: 'Usage', level: 1 }).waitFor();
    await page.getByRole('row').filter({ hasText: 'first-steps' }).waitFor();
    expect(renewals).toBe(1);
    await page.unroute('**/v1/**');
    expect(ann.takeComplaints(unauthorized)).toEqual([]);
  });

  it('sets a new password by mail', async () => {
    const pat = await arrive();
    const { page } = pat;
    await pat.signUp('Pat', 'Pat');
    await pat.open('/settings');
    await page.getByRole('button', { name: 'Change your password' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Present password').fill('not the present one');
    await dialog.getByLabel('New password').fill('another long password');
    await dialog.getByRole('button', { name: 'Change', exact: true }).click();
    await dialog.locator('.field__error').waitFor();
    expect(pat.takeComplaints(/status of 403/)).toEqual([]);
    await page.keyboard.press('Escape');

    const guest = await arrive();
    await guest.page.goto('/login');
    await guest.page.getByRole('link', { name: 'Forgotten your password?' }).click();
    await guest.page.getByLabel('E-mail address').fill(emailOf('Pat'));
    await guest.page.getByRole('button', { name: 'Send the mail' }).click();
    await guest.page.getByText('a mail is on its way').waitFor();
    await pat.open('/mailbox');
    await page.getByRole('row').nth(2).waitFor();
    await page.getByRole('button', { name: /^Read/ }).first().click();
    const link = await dialog.getByRole('link', { name: '/reset-password' }).getAttribute('href');
    await guest.page.goto(link ?? '');
    await guest.page.getByLabel('New password').fill('another long password');
    await guest.page.getByRole('button', { name: 'Set the password' }).click();
    await guest.page.getByRole('link', { name: 'Log in' }).click();
    await guest.page.getByLabel('E-mail address').fill(emailOf('Pat'));
    await guest.page.getByLabel('Password').fill('another long password');
    await guest.page.getByRole('button', { name: 'Log in' }).click();
    await guest.page.getByRole('heading', { name: 'Push your first pipeline' }).waitFor();
    // The session that was there before has ended.
    await page.goto('/settings');
    await page.waitForURL('**/login**');
    expect(pat.takeComplaints(unauthorized)).toEqual([]);
    expect(guest.takeComplaints()).toEqual([]);
    await Promise.all([pat.leave(), guest.leave()]);
  });

  it('invites a viewer, who sees everything and can change nothing', async () => {
    const { page } = ann;
    await ann.open('/members');
    await page.getByRole('button', { name: 'Invite' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('E-mail address').fill(emailOf('Vic'));
    await dialog.getByLabel('Role').selectOption('viewer');
    await dialog.getByRole('button', { name: 'Make the invitation' }).click();
    const link = (await dialog.getByLabel('Link of the invitation', { exact: true }).textContent()) ?? '';
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByText('Pending').waitFor();

    const vic = await arrive();
    await vic.page.goto(link);
    await vic.page.getByLabel('Your name').fill('Vic');
    await vic.page.getByLabel('Password').fill(password);
    await vic.page.getByRole('button', { name: 'Accept' }).click();
    await vic.page.getByRole('link', { name: 'first-steps' }).waitFor();
    for (const address of [
      '/pipelines',
      '/pipelines/first-steps',
      '/pipelines/first-steps/versions',
      '/pools',
      '/pools/default',
      '/connections',
      '/secrets',
      '/variables',
      '/members',
      '/settings',
    ]) {
      await vic.open(address);
      const buttons = await vic.page.locator('main').getByRole('button').allTextContents();
      const harmless = ['', 'Leave the organization', 'Show more', 'Send it again', 'Change your password'];
      expect(
        buttons.filter((name) => !harmless.includes(name)),
        address,
      ).toEqual([]);
    }
    for (const address of ['/api-keys', '/audit']) {
      await vic.open(address);
      await vic.page.getByText('Your role does not show this').waitFor();
    }
    expect(vic.takeComplaints()).toEqual([]);
    await vic.leave();
  });

  it('says what is wrong with a log-in, and how long to wait after too many', async () => {
    const zoe = await arrive();
    const { page } = zoe;
    await page.goto('/login?next=%2Fusage');
    await page.getByLabel('E-mail address').fill('zoe@people.example');
    for (let attempt = 0; ; attempt += 1) {
      await page.getByLabel('Password').fill(`wrong password ${attempt}`);
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.getByRole('alert').waitFor();
      if (attempt === 0) expect(await page.getByRole('alert').textContent()).toContain('password is wrong');
      if ((await page.getByText('Too many attempts').count()) > 0) break;
      expect(attempt).toBeLessThan(100);
    }
    expect(await page.getByRole('alert').textContent()).toMatch(/You can try again in \d/);
    await zoe.picture('too-many-log-ins');
    expect(zoe.takeComplaints(/status of (401|429)/)).toEqual([]);
    await page.getByLabel('E-mail address').fill(emailOf('Ann'));
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: 'Usage' }).waitFor();
    await zoe.leave();
  });

  describe('has no serious finding of axe', () => {
    const addresses = [
      '/pipelines',
      '/pipelines/first-steps',
      '/pipelines/first-steps/versions',
      '/pipelines/first-steps/definition',
      '/runs',
      '/deployments',
      '/pools',
      '/pools/default',
      '/connections',
      '/secrets',
      '/variables',
      '/alerts',
      '/alerts/rules',
      '/alerts/webhooks',
      '/alerts/deliveries',
      '/usage',
      '/members',
      '/api-keys',
      '/audit',
      '/settings',
      '/mailbox',
      '/no-such-page',
    ];
    for (const theme of ['light', 'dark'] as const) {
      it(
        theme,
        async () => {
          const { page } = ann;
          await page.emulateMedia({ colorScheme: theme });
          await ann.open('/deployments');
          const deployment = await page.getByRole('row').getByRole('link').first().getAttribute('href');
          const findings: Record<string, readonly string[]> = {};
          for (const address of [...addresses, `/runs/${sampleRun}`, deployment ?? '']) {
            await ann.open(address);
            await ann.picture(
              `${address
                .replaceAll(/[^a-z]+/g, '-')
                .replace(/^-/, '')
                .slice(0, 40)}-${theme}`,
            );
            const found = await accessibilityFindings(page);
            if (found.length > 0) findings[address] = found;
          }
          await ann.open('/pipelines/first-steps');
          await page.getByRole('button', { name: 'Run now' }).click();
          await page.getByRole('dialog').getByLabel('hours').waitFor();
          findings['dialog'] = await accessibilityFindings(page);
          await page.keyboard.press('Escape');
          await page.keyboard.press('/');
          await page.getByRole('combobox').waitFor();
          findings['palette'] = await accessibilityFindings(page);
          await page.keyboard.press('Escape');
          expect(findings).toEqual({ dialog: [], palette: [] });
        },
        240_000,
      );
    }

    it('before there is a session', async () => {
      const guest = await arrive();
      for (const colorScheme of ['light', 'dark'] as const) {
        await guest.page.emulateMedia({ colorScheme });
        for (const address of ['/login', '/signup', '/forgotten', '/invitation', '/reset-password', '/verify-email']) {
          await guest.open(address);
          expect(await accessibilityFindings(guest.page), `${address} ${colorScheme}`).toEqual([]);
        }
      }
      expect(guest.takeComplaints()).toEqual([]);
      await guest.leave();
    });
  });

  it('logs out in every page of the browser at once', async () => {
    const { page } = ann;
    await ann.open('/runs');
    const other = await ann.secondPage();
    await other.goto('/usage');
    await other.getByRole('heading', { name: 'Usage' }).waitFor();
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await page.waitForURL('**/login**');
    await other.waitForURL('**/login?next=%2Fusage');
    await other.close();
    await page.goto('/runs');
    await page.waitForURL('**/login**');
    expect(ann.takeComplaints(unauthorized)).toEqual([]);
  });
});
