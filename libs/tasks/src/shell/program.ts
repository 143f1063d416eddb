import type { TaskConfig } from '../catalogue.js';
import type { TaskProgram } from '../program.js';

export function shellProgram(config: TaskConfig<'shell'>): TaskProgram {
  if (config.file !== undefined) return { kind: 'shell', file: `/bundle/${config.file}`, shell: config.shell };
  return { kind: 'shell', script: config.script ?? '', shell: config.shell };
}
