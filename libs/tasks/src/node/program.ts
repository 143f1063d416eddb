import type { TaskConfig } from '../catalogue.js';
import type { TaskProgram } from '../program.js';
import { runtimePath } from './definition.js';

export function nodeProgram(config: TaskConfig<'node'>): TaskProgram {
  return { kind: 'node', entry: `/bundle/${runtimePath(config.entry)}`, export: config.export };
}
