import { describe, expect, it } from 'vitest';
import { entryPath, entryScheme } from './entry.js';

/** A function whose text is what a bundler or test runner made of `() => import('…')`. */
function thunk(text: string): () => unknown {
  return Object.assign(() => undefined, { toString: () => text });
}

describe('the file that an import names', () => {
  it.each([
    [`() => import("${entryScheme}src/a.ts")`, 'src/a.ts'],
    ["() => import('../src/a.ts')", 'src/a.ts'],
    ["() => __vite_ssr_dynamic_import__('/src/a.ts')", 'src/a.ts'],
    ['() => __vi_import__(`/elsewhere/src/a.ts`)', 'elsewhere/src/a.ts'],
    ['async () => (await import("../../outside.ts")).x', 'outside.ts'],
    ['() => load()', undefined],
  ])('is found in %s', (text, expected) => {
    expect(entryPath(thunk(text), `${process.cwd()}/pipelines/p.ts`)).toBe(expected);
  });
});
