import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { listElements, objectMembers, rootSpan, spanKind, spanText } from '@millrace/expressions';
import { DomainError } from '@millrace/kernel';

/** JSON text of the outputs of a run's tasks, by task and map index (-1 where the task is not mapped). */
export type RecordedOutputs = ReadonlyMap<string, ReadonlyMap<number, string>>;

/**
 * Outputs of a real run, as `millrace --json runs outputs RUN > FILE` writes them.
 * @param path relative to the test file
 */
export async function readRecorded(folder: string, testFile: string, path: string): Promise<RecordedOutputs> {
  const file = join(dirname(testFile), path);
  const text = await readFile(join(folder, file), 'utf8').catch(() => {
    throw new DomainError('not_found', 'test.no_recording', `there is no file "${file}"`);
  });
  const wrong = (why: string): DomainError =>
    new DomainError('invalid', 'test.bad_recording', `"${file}" holds no outputs of a run: ${why}`);
  let rows;
  try {
    JSON.parse(text);
    const data = objectMembers(rootSpan(text)).get('data');
    if (data === undefined || spanKind(data) !== 'list') throw wrong('it has no list "data"');
    rows = listElements(data).map((row) => objectMembers(row));
  } catch (error) {
    throw error instanceof DomainError ? error : wrong((error as Error).message);
  }
  const outputs = new Map<string, Map<number, string>>();
  for (const row of rows) {
    const value = (key: string): unknown => {
      const span = row.get(key);
      return span === undefined ? undefined : (JSON.parse(spanText(span)) as unknown);
    };
    const [task, mapIndex, output] = [value('taskId'), value('mapIndex'), value('text')];
    if (typeof task !== 'string' || typeof mapIndex !== 'number') throw wrong('a row has no "taskId" and "mapIndex"');
    // A large output lies in the object store and has no text here; it is missed where it is needed.
    if (typeof output !== 'string') continue;
    const ofTask = outputs.get(task) ?? new Map<number, string>();
    outputs.set(task, ofTask.set(mapIndex, output));
  }
  return outputs;
}
