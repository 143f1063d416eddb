import type { JsonObject } from '@millrace/kernel';
import type { TaskConfig } from '../catalogue.js';
import type { TaskProgram } from '../program.js';

export function sqlProgram(config: TaskConfig<'sql'>): TaskProgram {
  const file = config.file === undefined ? {} : { file: `/bundle/${config.file}` };
  return { kind: 'builtin', name: 'sql', config: { ...config, ...file } as JsonObject };
}
