import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the checkout. */
export const checkout = join(fileURLToPath(import.meta.url), '..', '..', '..');

/** First program of that name on PATH or in the system's folders. */
export function findProgram(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/bin', '/usr/sbin', '/sbin'];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((candidate) => {
      try {
        accessSync(candidate, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/**
 * Runs a command in the checkout and gives exit code and output (both streams, in order). With `live` the output also
 * goes to the terminal as it comes.
 */
export function run(command, args, { env = process.env, live = false, ...options } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: checkout, env, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let output = '';
    const collect = (chunk) => {
      output += chunk;
      if (live) process.stdout.write(chunk);
    };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    child.once('error', (error) => resolve({ code: 127, output: `${output}${error.message}\n` }));
    child.once('close', (code, signal) => resolve({ code: code ?? 1, output, signal }));
  });
}

/** Runs a JavaScript program of the checkout with this Node, without npm in between. */
export function runTool(entry, args, options) {
  return run(process.execPath, [join(checkout, entry), ...args], options);
}

/** The last lines of a command's output. */
export function tail(output, lines = 40) {
  return output.trimEnd().split('\n').slice(-lines).join('\n');
}
