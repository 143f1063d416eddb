/** Lines for people: what happens, and how long after the command it happened. */

const started = performance.now();
// The reader of our output may be gone before we are; that is no reason to fail.
process.stdout.on('error', () => undefined);

export function say(line) {
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(5);
  process.stdout.write(`[${seconds} s] ${line}\n`);
}

/** Runs `work`; says every few seconds that it still goes on, so that nobody waits before a silent screen. */
export async function during(title, work, everyMs = 5_000) {
  const begun = performance.now();
  const ticker = setInterval(() => say(`${title}: ${Math.round((performance.now() - begun) / 1000)} s`), everyMs);
  try {
    return await work();
  } finally {
    clearInterval(ticker);
  }
}

/** A mistake that the reader can correct: printed without a stack. */
export class SetupError extends Error {}

/** Runs a program's main function; a refusal is printed and becomes exit code 1. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    process.stderr.write(`\n${error instanceof SetupError ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}
