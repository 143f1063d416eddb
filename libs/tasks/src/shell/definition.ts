import { z } from 'zod';
import { bundlePath, defineTask, described, sandboxRetryClasses } from '../define-task.js';

const fields = z
  .strictObject({
    script: z
      .string()
      .min(1, 'the script is empty')
      .optional()
      .meta({ description: 'The script itself. Exactly one of `script` and `file`.', examples: ['wc -l data/*.csv'] }),
    file: described(bundlePath(), {
      description: 'File of the bundle that holds the script.',
      examples: ['scripts/load.sh'],
    }).optional(),
    shell: z.enum(['sh', 'bash'], 'must be "sh" or "bash"').default('sh').describe('The shell that runs it.'),
  })
  .refine((value) => (value.script === undefined) !== (value.file === undefined), {
    message: 'needs either "script" (the text) or "file" (a file of the bundle), not both',
  })
  .meta({ oneOf: [{ required: ['script'] }, { required: ['file'] }] });

export const shellTask = defineTask({
  type: 'shell',
  title: 'Shell script',
  description:
    'Runs a script with `sh -eu` or `bash -eu`. The input is the file $MILLRACE_INPUT; what is written to $MILLRACE_OUTPUT is the output.',
  definitionSchema: fields,
  configSchema: fields,
  defaults: { timeoutMs: 3_600_000, maxAttempts: 1 },
  executes: 'runner',
  fuses: true,
  retryable: [...sandboxRetryClasses, { code: 'failed', retryable: true, meaning: 'an exit code other than 0' }],
  files: (definition) => (definition.file === undefined ? [] : [definition.file]),
  connections: () => [],
});
