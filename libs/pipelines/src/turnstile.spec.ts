import { describe, expect, it } from 'vitest';
import { Turnstile } from './turnstile.js';

/** Work that ends when it is told to. */
function gate(): { readonly work: () => Promise<void>; readonly open: () => void; readonly isRunning: () => boolean } {
  let open = (): void => undefined;
  let running = false;
  const ended = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {
    work: () => {
      running = true;
      return ended;
    },
    open: () => open(),
    isRunning: () => running,
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('Turnstile', () => {
  it('runs one piece of each owner at once, and others past a full owner', async () => {
    const turnstile = new Turnstile({ atOnce: 2, waiting: 10, perOwner: 3 });
    const [a1, a2, b1, c1] = [gate(), gate(), gate(), gate()];
    const all = [
      turnstile.run('a', a1.work),
      turnstile.run('a', a2.work),
      turnstile.run('b', b1.work),
      turnstile.run('c', c1.work),
    ];
    await turn();

    expect([a1, a2, b1, c1].map((one) => one.isRunning())).toEqual([true, false, true, false]);
    b1.open();
    await turn();
    expect([a2, c1].map((one) => one.isRunning())).toEqual([false, true]);
    a1.open();
    await turn();
    expect(a2.isRunning()).toBe(true);
    for (const one of [a2, c1]) one.open();
    await Promise.all(all);
  });

  it('refuses an owner with too much, and everybody when all is full', async () => {
    const turnstile = new Turnstile({ atOnce: 1, waiting: 2, perOwner: 2 });
    const first = gate();
    const all = [turnstile.run('a', first.work), turnstile.run('a', () => Promise.resolve())];

    await expect(turnstile.run('a', () => Promise.resolve())).rejects.toMatchObject({ kind: 'rate_limited' });
    all.push(turnstile.run('b', () => Promise.resolve()));
    await expect(turnstile.run('c', () => Promise.resolve())).rejects.toMatchObject({ kind: 'unavailable' });
    first.open();
    await Promise.all(all);
    await expect(turnstile.run('a', () => Promise.resolve(5))).resolves.toBe(5);
  });

  it('lets the next one in where work fails', async () => {
    const turnstile = new Turnstile({ atOnce: 1, waiting: 2, perOwner: 2 });

    await expect(turnstile.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(turnstile.run('a', () => Promise.resolve(1))).resolves.toBe(1);
  });
});
