// npm test: the set-up of npm start, then every check and all specs. The last line is `N passed, N failed`.
import { run, tail } from './setup/command.mjs';
import { prepare } from './setup/prepare.mjs';
import { say } from './setup/progress.mjs';
import { standaloneProgram } from './setup/standalone.mjs';
import { s3Server } from './setup/s3-server.mjs';
import { runStep, steps } from './setup/steps.mjs';
import { runVitest } from './setup/vitest-run.mjs';

let passed = 0;
let failed = 0;

async function count(name, work) {
  if (await runStep(name, work)) passed += 1;
  else failed += 1;
}

/** The isolation tests mean nothing without a sandbox, so a machine that has none must say that it knows. */
function sandboxProblem(problems) {
  if (problems.bubblewrap === undefined || process.env.MILLRACE_TEST_TIER === 'none') return undefined;
  return `${problems.bubblewrap}\nInstall it, or set MILLRACE_TEST_TIER=none to run the tests without isolation.`;
}

/** The specs share one Temporal server; fetching it takes longer than any spec may wait. */
async function temporalServer() {
  const { code, output } = await run(process.execPath, [standaloneProgram, 'find-temporal'], { live: true });
  if (code !== 0) throw new Error(tail(output, 20));
  const found = output.trim().split('\n').at(-1);
  return found === 'address' ? process.env : { ...process.env, TEMPORAL_BIN: found };
}

async function everything() {
  let problems;
  const prepared = await runStep('set-up', async () => {
    problems = await prepare({ forTests: true });
  });
  if (!prepared) {
    failed += 1;
    return;
  }
  passed += 1;
  await count('sandbox', async () => sandboxProblem(problems));
  for (const [name, work] of Object.entries(steps)) await count(name, work);
  let env;
  await count('Temporal server', async () => {
    env = await temporalServer();
  });
  if (env === undefined) return;
  await count('S3 server', async () => {
    env = await s3Server(env);
  });
  const specs = await runVitest(process.argv.slice(2), env);
  passed += specs.passed;
  failed += specs.failed;
}

try {
  await everything();
} catch (error) {
  failed += 1;
  say(error.stack);
}
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
