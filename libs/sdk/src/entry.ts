import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How the evaluator of a pipeline file writes the module that a task's code is in: then its path in the bundle. */
export const entryScheme = 'millrace-entry:';

const specifier = /import(?:__)?\s*\(\s*(["'`])((?:(?!\1)[^\\])+)\1/;

/**
 * Path in the bundle of the module that the thunk would import. The module is never loaded here: the text of the
 * function names it.
 * @param file the file that the thunk stands in, where it is known
 */
export function entryPath(thunk: () => unknown, file: string | undefined): string | undefined {
  const found = specifier.exec(String(thunk))?.[2];
  if (found === undefined) return undefined;
  if (found.startsWith(entryScheme)) return found.slice(entryScheme.length);
  // Outside of the evaluator, in somebody's test runner, which may have rewritten the path: a rehearsal loads nothing by
  // it and only needs one that could be in a bundle.
  const absolute = found.startsWith('file:')
    ? fileURLToPath(found)
    : resolve(file === undefined ? process.cwd() : dirname(file), found);
  const inFolder = relative(process.cwd(), absolute).split(sep).join('/');
  return (inFolder.startsWith('..') ? found : inFolder).replace(/^(?:\.{0,2}\/)+/, '');
}
