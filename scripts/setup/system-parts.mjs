import { existsSync } from 'node:fs';
import { findProgram, run, tail } from './command.mjs';
import { during, say } from './progress.mjs';

const isLinux = process.platform === 'linux';
const isRoot = process.getuid?.() === 0;
/** Any user without rights will do for asking what such a user may. */
const nobody = 65_534;

async function works(command, args, options) {
  return command !== undefined && (await run(command, args, { timeout: 20_000, ...options })).code === 0;
}

/** `bubblewrap` where sandboxes can be made, else why not. */
async function probeSandbox() {
  if (!isLinux) return `bubblewrap needs Linux, this is ${process.platform}`;
  const bwrap = findProgram('bwrap');
  if (bwrap === undefined) return 'bubblewrap (bwrap) is not installed';
  const args = ['--unshare-all', '--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev', '/bin/true'];
  // Started by root, sandboxes run under users of their own, which may be allowed less.
  const identity = isRoot ? { uid: nobody, gid: nobody, cwd: '/' } : {};
  const { code, output } = await run(bwrap, args, { timeout: 20_000, ...identity });
  return code === 0 ? undefined : `bubblewrap cannot make a sandbox here: ${tail(output, 2)}`;
}

async function probePython() {
  const candidates = ['/usr/bin/python3', findProgram('python3')].filter(
    (path) => path !== undefined && existsSync(path),
  );
  for (const python of candidates) if (await works(python, ['-c', 'import ensurepip, venv'])) return undefined;
  return candidates.length === 0 ? 'Python 3 is not installed' : 'Python 3 is here, but not its venv module';
}

const browserNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const browserApplications = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The same places in the same order as `testBrowser` of libs/testing, which cannot be built yet when this runs. */
function findBrowser() {
  const named = process.env.CHROMIUM_BIN;
  if (named !== undefined && named !== '') return existsSync(named) ? named : undefined;
  return (
    browserNames.map((name) => findProgram(name)).find((path) => path !== undefined) ??
    browserApplications.find((path) => existsSync(path))
  );
}

async function probeBrowser() {
  const browser = findBrowser();
  if (browser === undefined) return 'Chromium is not installed';
  return (await works(browser, ['--version'])) ? undefined : `${browser} does not start`;
}

const parts = [
  {
    name: 'bubblewrap',
    probe: probeSandbox,
    packages: ['bubblewrap'],
    without: 'tasks run without a sandbox (tier none)',
    isMissing: () => isLinux && findProgram('bwrap') === undefined,
  },
  {
    name: 'python',
    probe: probePython,
    packages: ['python3', 'python3-venv'],
    without: 'Python tasks do not run',
    isMissing: () => true,
  },
  {
    name: 'browser',
    probe: probeBrowser,
    packages: ['chromium'],
    without: 'the browser specs fail',
    isMissing: () => findBrowser() === undefined,
    // It is large, and no program of the platform uses it.
    onlyForTests: true,
  },
];

async function aptInstall(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env });
  say(`installing ${packages.join(', ')} with apt-get`);
  const result = await during('apt-get', async () => {
    const first = await install();
    // A fresh machine has no package lists yet.
    if (first.code === 0) return first;
    await run('apt-get', ['update'], { env });
    return install();
  });
  if (result.code !== 0) say(`apt-get could not install them:\n${tail(result.output, 5)}`);
}

function commandFor(packages) {
  if (findProgram('apt-get') !== undefined) return `sudo apt-get install ${packages.join(' ')}`;
  const elsewhere = packages.filter((name) => name !== 'python3-venv');
  if (findProgram('dnf') !== undefined) return `sudo dnf install ${elsewhere.join(' ')}`;
  if (findProgram('pacman') !== undefined) return `sudo pacman -S ${elsewhere.join(' ').replace('python3', 'python')}`;
  if (findProgram('apk') !== undefined) return `sudo apk add ${elsewhere.join(' ')}`;
  if (findProgram('brew') !== undefined) return `brew install ${elsewhere.join(' ')}`;
  return undefined;
}

/**
 * Looks for the programs that the system provides, installs what is missing where that is allowed (root on a system
 * with apt-get), and says exactly what to do otherwise. Returns the reasons why parts are not usable, by name.
 */
export async function systemParts({ forTests = false } = {}) {
  const needed = parts.filter((part) => forTests || part.onlyForTests !== true);
  const probeAll = async () => Promise.all(needed.map(async (part) => ({ part, problem: await part.probe() })));
  let results = await probeAll();
  const installable = results.filter(({ part, problem }) => problem !== undefined && part.isMissing());
  if (installable.length > 0 && isRoot && findProgram('apt-get') !== undefined) {
    await aptInstall(installable.flatMap(({ part }) => part.packages));
    results = await probeAll();
  }
  const problems = {};
  for (const { part, problem } of results.filter((result) => result.problem !== undefined)) {
    problems[part.name] = problem;
    const command = part.isMissing() ? commandFor(part.packages) : undefined;
    say(`${problem}: ${part.without}${command === undefined ? '' : `. To install it: ${command}`}`);
  }
  return problems;
}
