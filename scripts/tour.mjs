// npm run tour: walks the tour on the running platform, or on one that is started for as long as it takes.
import { prepare } from './setup/prepare.mjs';
import { main } from './setup/progress.mjs';
import { runStandalone } from './setup/standalone.mjs';

let prepared = false;
await main(async () => {
  await prepare();
  prepared = true;
});
if (prepared) await runStandalone('tour');
