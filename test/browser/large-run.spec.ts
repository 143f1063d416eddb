import { fileURLToPath } from 'node:url';
import type { RunId } from '@millrace/kernel';
import { type TestDatabase, testDatabase } from '@millrace/testing';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ApiProcess } from '../isolation/api-process.js';
import { openBrowser, Person } from './console-browser.js';
import { seedLargeRun } from './large-run.js';
import { measureView, type ViewFigures } from './page-figures.js';

const consoleFolder = fileURLToPath(new URL('../../apps/console/dist/site', import.meta.url));
const count = 10_000;
const patience = { timeout: 20_000 };

describe('a run of 10,000 task instances', () => {
  let database: TestDatabase;
  let api: ApiProcess;
  let browser: Browser;
  let ann: Person;
  let run: RunId;
  const figures: ViewFigures[] = [];

  beforeAll(async () => {
    [database, browser] = await Promise.all([testDatabase(), openBrowser()]);
    api = await ApiProcess.start(database, { MILLRACE_CONSOLE: consoleFolder });
    ann = await Person.arrive(browser, api.url);
    await ann.signUp('Large', 'Ann');
    await ann.page.waitForURL('**/pipelines');
    run = await seedLargeRun(database.superuserUrl, 'large', count);
  });

  afterAll(async () => {
    // For people to read; what is fast enough depends on the machine, so nothing is asserted of it.
    console.log(JSON.stringify(figures));
    await browser?.close();
    await api?.stop();
    await database?.drop();
  });

  afterEach(() => {
    expect(ann.takeComplaints()).toEqual([]);
  });

  it('shows its graph', async () => {
    const { page } = ann;
    figures.push(await measureView(page, 'graph', `/runs/${run}/graph`, '.graph-task', undefined));
    await page.getByRole('button', { name: /^each/ }).getByText('10,000 instances').waitFor();
    await ann.picture('large-graph');
  });

  it('has a cell for each, of which only those in sight are drawn', async () => {
    const { page } = ann;
    figures.push(await measureView(page, 'grid', `/runs/${run}/grid`, '.cell[data-state]', '.cells'));
    const cells = page.getByRole('grid', { name: 'Instances of each' });
    await cells.locator(`[data-at="${count - 1}"][data-state]`).waitFor();
    expect(figures.at(-1)?.nodes).toBeLessThan(8000);
    await ann.picture('large-grid');

    // Every one can be reached by the keyboard, and read: each page of them is asked for when it is come by.
    await cells.locator('[tabindex="0"]').focus();
    await page.keyboard.press('Control+Home');
    await expect.poll(() => page.evaluate('document.activeElement.dataset.at'), patience).toBe('0');
    const lines = Number(await cells.getAttribute('aria-rowcount'));
    expect(lines * Number(await cells.getAttribute('aria-colcount'))).toBeGreaterThanOrEqual(count);
    const seen = new Set<string>();
    for (let last = ''; ;) {
      const shown = await cells
        .locator('.cell[data-state]')
        .evaluateAll((all: readonly { getAttribute: (name: string) => string }[]) =>
          all.map((cell) => cell.getAttribute('data-at')),
        );
      for (const index of shown) seen.add(index);
      const at = await page.evaluate<string>('document.activeElement.dataset.at');
      if (at === last) break;
      last = at;
      await page.keyboard.press('PageDown');
      await cells.locator('[data-at]:focus[data-state]').waitFor();
      await expect.poll(() => cells.locator('.cell:not([data-state])').count()).toBeLessThan(400);
    }
    await page.keyboard.press('Control+End');
    await expect.poll(() => page.evaluate('document.activeElement.dataset.at'), patience).toBe(String(count - 1));
    expect(seen.size).toBe(count);
  });

  it('opens one of them, and closes it', async () => {
    const { page } = ann;
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `each[${count - 1}]`, exact: true }).waitFor();
    expect(new URL(page.url()).searchParams.get('index')).toBe(String(count - 1));
    await expect.poll(() => page.evaluate('document.activeElement.id'), patience).toBe('task');
    await page.getByText('1 of 1').waitFor();
    await page.getByRole('button', { name: 'All instances' }).click();
    await page.getByRole('region', { name: 'The 10000 instances of each' }).getByText('[0]').waitFor();
    await page.goBack();
    await ann.open(`/runs/${run}/grid?task=each&index=7777`);
    await page.locator('[data-at="7777"][aria-selected="true"][data-state="succeeded"]').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.panel').waitFor({ state: 'detached' });
    // The focus is back at the cell, in a grid that has become wider.
    await expect.poll(() => page.evaluate('document.activeElement.dataset.at'), patience).toBe('7777');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => page.evaluate('document.activeElement.dataset.at'), patience).toBe('7776');
  });

  it('has a row of the Gantt chart for each', async () => {
    const { page } = ann;
    figures.push(await measureView(page, 'gantt', `/runs/${run}/gantt`, '.gantt__row', '.gantt'));
    await page.getByText('10,000 instances').last().waitFor({ timeout: 60_000 });
    await page.locator('.gantt').focus();
    await page.keyboard.press('End');
    await page.getByRole('button', { name: `each[${count - 1}]:` }).waitFor();
    expect(await page.locator('.gantt__row').count()).toBeLessThan(150);
    await ann.picture('large-gantt');
  });
});
