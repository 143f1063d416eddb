import type { JsonObject } from '@millrace/kernel';
import type { TaskConfig } from '../catalogue.js';
import type { TaskProgram } from '../program.js';

export function httpProgram(config: TaskConfig<'http'>): TaskProgram {
  return { kind: 'builtin', name: 'http', config: { ...config } as JsonObject };
}
