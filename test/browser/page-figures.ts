import type { Page } from 'playwright-core';

/** How a view came up and how it scrolled; milliseconds, and MiB of JavaScript's heap. */
export interface ViewFigures {
  readonly view: string;
  readonly firstContentMs: number;
  readonly thereMs: number;
  readonly longestFrameMs: number;
  readonly medianFrameMs: number;
  /** Nineteen of twenty frames were shorter. */
  readonly frame95Ms: number;
  readonly nodes: number;
  readonly heapMiB: number;
}

/** Opens the address anew, waits for `there`, scrolls `box` to its end in steps of a wheel, and says how it went. */
export async function measureView(
  page: Page,
  view: string,
  address: string,
  there: string,
  box: string | undefined,
): Promise<ViewFigures> {
  await page.goto(address, { waitUntil: 'commit' });
  await page.locator(there).first().waitFor();
  const firstContentMs = await page.evaluate<number>(
    `performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0`,
  );
  const thereMs = await page.evaluate<number>('performance.now()');
  const frames = box === undefined ? [0] : await page.evaluate<number[]>(scrolling(box));
  const sorted = frames.toSorted((one, other) => one - other);
  return {
    view,
    firstContentMs: Math.round(firstContentMs),
    thereMs: Math.round(thereMs),
    longestFrameMs: Math.round(sorted.at(-1) ?? 0),
    medianFrameMs: Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0),
    frame95Ms: Math.round(sorted[Math.floor(sorted.length * 0.95)] ?? 0),
    nodes: await page.evaluate<number>(`document.querySelectorAll('*').length`),
    heapMiB: Math.round((await page.evaluate<number>('performance.memory.usedJSHeapSize')) / 2 ** 20),
  };
}

/** A hundred pixels a frame, faster than a wheel turns, to the end or for 600 frames; times between the frames. */
function scrolling(selector: string): string {
  return `new Promise((resolve) => {
    const box = document.querySelector(${JSON.stringify(selector)});
    const frames = [];
    let before = performance.now();
    let still = 0;
    const step = (now) => {
      frames.push(now - before);
      before = now;
      const top = box.scrollTop;
      box.scrollTop += 100;
      still = box.scrollTop === top ? still + 1 : 0;
      if (still > 20 || frames.length > 600) resolve(frames.slice(1));
      else requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  })`;
}
