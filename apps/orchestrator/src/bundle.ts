import { writeBundle } from './workflow-bundle.js';

await writeBundle();
