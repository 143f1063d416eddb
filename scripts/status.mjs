// npm run status: says what the platform of this checkout does; with --json as one JSON document.
import { runStandalone } from './setup/standalone.mjs';

await runStandalone('status');
