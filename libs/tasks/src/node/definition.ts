import { z } from 'zod';
import { bundlePath, defineTask, described, functionName, sandboxRetryClasses } from '../define-task.js';

const fields = z.strictObject({
  entry: described(bundlePath(['.ts', '.mts', '.js', '.mjs', '.cjs']), {
    description: 'File of the bundle that exports the function. TypeScript is compiled at deploy.',
    examples: ['src/extract.ts'],
  }),
  export: functionName.default('default').describe('Name of the exported function; `default` is the default export.'),
});

export const nodeTask = defineTask({
  type: 'node',
  title: 'JavaScript or TypeScript',
  description: 'Calls an exported function of a file of the bundle with (input, ctx); what it returns is the output.',
  definitionSchema: fields,
  configSchema: fields,
  defaults: { timeoutMs: 3_600_000, maxAttempts: 1 },
  executes: 'runner',
  fuses: true,
  retryable: [
    ...sandboxRetryClasses,
    { code: 'failed', retryable: true, meaning: 'an exception, unless it carries `retryable: false`' },
    { code: 'output.not_json', retryable: false, meaning: 'the returned value cannot be written as JSON' },
  ],
  files: (definition) => [definition.entry],
  connections: () => [],
});

/** Where deploy puts the compiled form of a TypeScript file; every other file stays where it is. */
export function runtimePath(entry: string): string {
  return entry.replace(/\.(?:ts|mts)$/, '.mjs');
}
