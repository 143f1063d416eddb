import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testBrowser } from '@millrace/testing';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** Where the pictures of the last test run are, for people to look at. */
export const pictures = join(tmpdir(), 'millrace-console-pictures');

export const password = 'correct horse battery staple';

/** Somebody at a browser of their own: cookies, storage and pages that no other person shares. */
export class Person {
  /** What the pages wrote to the console as errors, and exceptions that nobody caught. */
  private complaints: string[] = [];

  private constructor(
    private readonly context: BrowserContext,
    private readonly url: string,
    readonly page: Page,
  ) {}

  static async arrive(browser: Browser, url: string): Promise<Person> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, baseURL: url });
    context.setDefaultTimeout(20_000);
    const person = new Person(context, url, await context.newPage());
    person.watch(person.page);
    return person;
  }

  /** Another page of the same browser. */
  async secondPage(): Promise<Page> {
    const page = await this.context.newPage();
    this.watch(page);
    return page;
  }

  async signUp(organization: string, name: string): Promise<void> {
    const { page } = this;
    await page.goto('/signup');
    await page.getByLabel('Organization').fill(organization);
    await page.getByLabel('Your name').fill(name);
    await page.getByLabel('E-mail address').fill(emailOf(name));
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign up' }).click();
    await page.waitForURL((url) => url.pathname !== '/signup');
  }

  /** Opens an address of the console and waits until nothing is being read any more. */
  async open(address: string): Promise<void> {
    await this.page.goto(address);
    await this.settle();
  }

  /** Waits until nothing on the page is being read any more. */
  async settle(): Promise<void> {
    await this.page.getByRole('heading', { level: 1 }).waitFor();
    // A toast on its way in is see-through, and so would its contrast be.
    await this.until(`document.querySelector('.skeleton') === null && document.getAnimations().every((each) =>
      each.playState !== 'running' || each.effect.getComputedTiming().iterations === Infinity)`);
  }

  /** Waits until the expression is true; asked over the debugger, since the policy of the page forbids to evaluate. */
  private async until(expression: string): Promise<void> {
    for (const end = Date.now() + 20_000; ;) {
      if ((await this.page.evaluate(expression)) === true) return;
      if (Date.now() > end) throw new Error(`was never true at ${this.page.url()}: ${expression}`);
      await this.page.waitForTimeout(50);
    }
  }

  async picture(name: string): Promise<void> {
    mkdirSync(pictures, { recursive: true });
    await this.page.screenshot({ path: join(pictures, `${name}.png`) });
  }

  /** Complaints since the last time it was asked; those that match are expected. */
  takeComplaints(expected?: RegExp): readonly string[] {
    const taken = this.complaints.filter((text) => expected === undefined || !expected.test(text));
    this.complaints = [];
    return taken;
  }

  async leave(): Promise<void> {
    await this.context.close();
  }

  private watch(page: Page): void {
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(`${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText ?? '';
      // Reading is given up when the page that wanted it is left.
      if (reason !== 'net::ERR_ABORTED') this.complaints.push(`${request.url()}: ${reason}`);
    });
    // Nothing is asked of anybody else.
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol.startsWith('http') && origin !== this.url) this.complaints.push(`asked ${origin}`);
    });
  }
}

export function emailOf(name: string): string {
  return `${name.toLowerCase()}@people.example`;
}

export function openBrowser(): Promise<Browser> {
  return chromium.launch(testBrowser());
}
