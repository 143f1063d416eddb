import { environment } from './config.js';
import { findProgram } from './find-program.js';

/** What `chromium.launch` of playwright-core takes. */
export interface BrowserForTest {
  readonly executablePath: string;
  readonly args: string[];
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const applications = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * The Chromium of this machine: the one that CHROMIUM_BIN names, else the first on the PATH. Throws where there is none
 * and names the command that installs it.
 */
export function testBrowser(env = environment): BrowserForTest {
  const named = env['CHROMIUM_BIN'];
  const executablePath = findProgram(env, 'CHROMIUM_BIN', names, applications);
  if (executablePath === undefined) {
    const looked = named === undefined || named === '' ? `${names.join(', ')} on the PATH` : `CHROMIUM_BIN=${named}`;
    throw new Error(
      `the browser specs need Chromium and found none (${looked}): install it (sudo apt-get install chromium), ` +
        'or name the program in CHROMIUM_BIN',
    );
  }
  // Only pages of our own are opened; root and most containers cannot make Chromium's sandbox, and have a small /dev/shm.
  return { executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] };
}
