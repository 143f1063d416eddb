// npm start: makes a fresh checkout runnable, then becomes the standalone platform.
import { prepare } from './setup/prepare.mjs';
import { main } from './setup/progress.mjs';
import { runStandalone } from './setup/standalone.mjs';

let prepared = false;
await main(async () => {
  await prepare();
  prepared = true;
});
if (prepared) await runStandalone('start');
