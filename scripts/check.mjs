// npm run check: the fast loop. Types, format, lint, import rules, generated files, and the specs beside the code.
import { prepare } from './setup/prepare.mjs';
import { main } from './setup/progress.mjs';
import { runStep, steps } from './setup/steps.mjs';
import { runVitest } from './setup/vitest-run.mjs';

await main(async () => {
  await prepare();
  let failed = 0;
  for (const [name, work] of Object.entries(steps)) if (!(await runStep(name, work))) failed += 1;
  const specs = await runVitest(['--project', 'unit', ...process.argv.slice(2)], process.env);
  failed += specs.failed;
  process.exitCode = failed === 0 ? 0 : 1;
});
