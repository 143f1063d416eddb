import { build } from './build.mjs';
import { checkNode, installDependencies } from './dependencies.mjs';
import { systemParts } from './system-parts.mjs';

/** Everything that must be in place before a program of the checkout can run. Returns what the system lacks. */
export async function prepare() {
  checkNode();
  const problems = systemParts();
  await installDependencies();
  await build();
  return problems;
}
