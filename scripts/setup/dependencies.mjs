import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout, run, tail } from './command.mjs';
import { during, say, SetupError } from './progress.mjs';

const oldestNode = 20;
/** State of the set-up lives in node_modules: who deletes that folder wants everything made anew. */
export const stampFolder = join(checkout, 'node_modules', '.cache', 'millrace');
const stampFile = join(stampFolder, 'dependencies');

export function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < oldestNode) {
    throw new SetupError(
      `Millrace needs Node.js ${oldestNode} or newer; this is ${process.version} (${process.execPath}).`,
    );
  }
}

function wantedStamp() {
  const lock = readFileSync(join(checkout, 'package-lock.json'));
  // Native packages are chosen by platform and compiled for one ABI.
  const machine = `${process.platform}-${process.arch}-${process.versions.modules}`;
  return `${createHash('sha256').update(lock).digest('hex')} ${machine}\n`;
}

function areFresh() {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wantedStamp();
}

/** Installs what package-lock.json names when it is missing or another than the lock says. */
export async function installDependencies() {
  if (areFresh()) return;
  const reason = existsSync(join(checkout, 'node_modules')) ? 'package-lock.json or Node.js changed' : 'first start';
  say(`installing dependencies (${reason}; about half a minute)`);
  const npm = process.env.npm_execpath?.endsWith('.js')
    ? { command: process.execPath, args: [process.env.npm_execpath] }
    : { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
  // The build needs development packages and the platform's binaries, whatever the user's npm leaves out by default.
  const args = [
    ...npm.args,
    'ci',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const { code, output } = await during('installing dependencies', () => run(npm.command, args));
  if (code !== 0) throw new SetupError(`npm ci failed with exit code ${code}:\n${tail(output)}`);
  mkdirSync(stampFolder, { recursive: true });
  writeFileSync(stampFile, wantedStamp());
  say('dependencies installed');
}
