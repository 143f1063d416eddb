// npm run backup -- FOLDER: writes a backup of the platform of this checkout, running or stopped.
import { runStandalone } from './setup/standalone.mjs';

await runStandalone('backup');
