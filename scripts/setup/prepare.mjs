import { build } from './build.mjs';
import { checkNode, installDependencies } from './dependencies.mjs';
import { systemParts } from './system-parts.mjs';

/**
 * Everything that must be in place before a program of the checkout can run; with `forTests` also what only the specs
 * need. Returns what the system lacks.
 */
export async function prepare(options) {
  checkNode();
  const problems = systemParts(options);
  await installDependencies();
  await build();
  return problems;
}
