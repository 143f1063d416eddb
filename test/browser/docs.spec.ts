import { type TestDatabase, testBrowser, testDatabase } from '@millrace/testing';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiProcess } from '../isolation/api-process.js';

let database: TestDatabase;
let api: ApiProcess;
let browser: Browser;

beforeAll(async () => {
  database = await testDatabase();
  [api, browser] = await Promise.all([ApiProcess.start(database), chromium.launch(testBrowser())]);
});

afterAll(async () => {
  await browser.close();
  await api.stop();
  await database.drop();
});

describe('/docs', () => {
  it('shows the operations to read, without an error in the console', async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('response', (response) => {
      if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
    });
    const foreign: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(api.url) && !request.url().startsWith('data:')) foreign.push(request.url());
    });

    await page.goto(`${api.url}/docs`);
    const operation = page.locator('#operations-Runs-listRuns');
    await operation.waitFor({ timeout: 60_000 });
    await operation.locator('.opblock-summary').click();
    await operation.getByText('Newest first.').waitFor();
    await operation.getByText('RunPage', { exact: false }).or(operation.getByText('nextCursor')).first().waitFor();

    const width = Number(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'));
    expect(width, 'nothing sticks out to the right').toBeLessThanOrEqual(0);
    expect([complaints, foreign]).toEqual([[], []]);
    // The operations come before the ones of the platform itself.
    const tags = await page.locator('.opblock-tag').allTextContents();
    expect(tags.at(-1)).toContain('System');
  });
});
