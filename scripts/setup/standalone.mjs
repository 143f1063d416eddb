import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkout } from './command.mjs';
import { main, SetupError } from './progress.mjs';

/** The built program of the standalone platform. */
export const standaloneProgram = join(checkout, 'apps', 'standalone', 'dist', 'main.js');

/** Runs a command of the standalone platform in this process, with the arguments of this one. */
export async function runStandalone(command) {
  await main(async () => {
    if (!existsSync(standaloneProgram)) {
      throw new SetupError('Millrace was never started in this checkout (it is not built): run `npm start`.');
    }
    const { main: standalone } = await import(pathToFileURL(standaloneProgram).href);
    await standalone([command, ...process.argv.slice(2)]);
  });
}
