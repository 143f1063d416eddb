// npm run restore -- FOLDER --master-key FILE: puts a backup into the empty data folder of this checkout.
import { prepare } from './setup/prepare.mjs';
import { main } from './setup/progress.mjs';
import { runStandalone } from './setup/standalone.mjs';

let prepared = false;
await main(async () => {
  await prepare();
  prepared = true;
});
if (prepared) await runStandalone('restore');
