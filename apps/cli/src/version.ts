import { createRequire } from 'node:module';

// Beside the folder of the program, in the checkout as in the package that is made of it.
const manifest = createRequire(import.meta.url)('../package.json') as { readonly version: string };

/** Version of the command line. */
export const { version } = manifest;
