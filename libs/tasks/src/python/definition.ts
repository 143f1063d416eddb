import { z } from 'zod';
import { bundlePath, defineTask, described, functionName, sandboxRetryClasses } from '../define-task.js';

const fields = z.strictObject({
  entry: described(bundlePath(['.py']), {
    description: 'Python file of the bundle that defines the function.',
    examples: ['src/summarise.py'],
  }),
  function: functionName.default('main').describe('Name of the function.'),
});

export const pythonTask = defineTask({
  type: 'python',
  title: 'Python',
  description: 'Calls a function of a Python file of the bundle with (input, ctx); what it returns is the output.',
  definitionSchema: fields,
  configSchema: fields,
  defaults: { timeoutMs: 3_600_000, maxAttempts: 1 },
  executes: 'runner',
  fuses: true,
  retryable: [
    ...sandboxRetryClasses,
    { code: 'failed', retryable: true, meaning: 'an exception, unless it has the attribute `retryable = False`' },
    { code: 'output.not_json', retryable: false, meaning: 'the returned value cannot be written as JSON' },
  ],
  files: (definition) => [definition.entry],
  connections: () => [],
});
