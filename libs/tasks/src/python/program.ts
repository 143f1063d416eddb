import type { TaskConfig } from '../catalogue.js';
import type { TaskProgram } from '../program.js';

export function pythonProgram(config: TaskConfig<'python'>): TaskProgram {
  return { kind: 'python', entry: `/bundle/${config.entry}`, function: config.function };
}
