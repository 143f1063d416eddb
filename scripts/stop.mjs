// npm run stop: stops the platform of this checkout.
import { runStandalone } from './setup/standalone.mjs';

await runStandalone('stop');
