import type { RetryClass } from './define-task.js';

/** Finds the most exact class for an error's code; undefined where the type says nothing about it. */
export function findRetryClass(classes: readonly RetryClass[], code: string): RetryClass | undefined {
  const matching = classes.filter((entry) =>
    entry.code.endsWith('*') ? code.startsWith(entry.code.slice(0, -1)) : entry.code === code,
  );
  return matching.sort((a, b) => b.code.length - a.code.length)[0];
}
