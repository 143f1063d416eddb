// npm run check:ways: runs random plans with every way forced and compares what becomes of them.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { checkout } from './setup/command.mjs';
import { prepare } from './setup/prepare.mjs';
import { main } from './setup/progress.mjs';

await main(async () => {
  await prepare();
  const program = join(checkout, 'test', 'dist', 'ways', 'check-ways.js');
  const child = spawn(process.execPath, [program, ...process.argv.slice(2)], { cwd: checkout, stdio: 'inherit' });
  // Ctrl-C reaches the child too, which stops its platform; this process only waits for it.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);
  process.exitCode = await new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
});
