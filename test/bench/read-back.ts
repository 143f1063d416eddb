import { type Shape, shapes, taskName } from './bundle.js';

/** What was read back of one task. */
export interface Step {
  readonly task: string;
  readonly mapIndex: number;
  readonly n: number | undefined;
  readonly lines: readonly string[];
}

/** Thrown where a value or a line is missing, doubled or not what the task wrote. */
export class ReadBackError extends Error {
  override readonly name = 'ReadBackError';
}

/** Every task of the shape must be there with its value and with exactly its one line. */
export function checkSteps(shape: Shape, steps: readonly Step[]): void {
  const { tasks } = shapes[shape];
  const found = new Map(steps.map((step) => [`${step.task} ${step.mapIndex}`, step]));
  for (let place = 0; place < tasks; place += 1) {
    const [task, mapIndex, n] =
      shape === 'fan200' ? [taskName(1), place, place + 1] : [taskName(place + 1), -1, place + 1];
    const step = found.get(`${task} ${mapIndex}`);
    const name = `${shape}: ${task}${mapIndex < 0 ? '' : `[${mapIndex}]`}`;
    if (step?.n !== n) throw new ReadBackError(`${name} gave ${step?.n ?? 'nothing'} in place of ${n}`);
    const expected = `line of ${task} ${mapIndex}`;
    if (step.lines.length !== 1 || step.lines[0] !== expected) {
      throw new ReadBackError(`${name} has the lines ${JSON.stringify(step.lines)} in place of "${expected}"`);
    }
  }
  if (found.size !== tasks) throw new ReadBackError(`${shape} has ${found.size} tasks in place of ${tasks}`);
}
