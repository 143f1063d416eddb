import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The program that the variable names, else the first of the names on the PATH, else the first of the other places that
 * is one.
 */
export function findProgram(
  env: Environment,
  variable: string,
  names: readonly string[],
  elsewhere: readonly string[],
): string | undefined {
  const named = env[variable];
  if (named !== undefined && named !== '') return isProgram(named) ? named : undefined;
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...elsewhere].find(isProgram);
}
