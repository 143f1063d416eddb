import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ErrorDetail, JsonObject } from '@millrace/kernel';
import { parseDuration, parseYaml, type Path, Problems, toJson } from '@millrace/pipelines/compile';
import { z } from 'zod';
import { type MockDefinition, parseMocks } from './mock-definition.js';

const duration = z.string('must be a duration such as "10s"').transform((text, context) => {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  context.addIssue({ code: 'custom', message: `must be a duration such as "500ms", "10s" or "1h30m", not "${text}"` });
  return z.NEVER;
});
const texts = z.record(z.string(), z.string('must be a text'), 'must be an object of texts');
const byTask = z.record(z.string(), z.unknown(), 'must be an object: task id -> value');
const states = ['succeeded', 'failed', 'skipped', 'upstream_failed', 'cancelled', 'waiting'] as const;
const taskState = z.enum(states, `must be one of ${states.join(', ')}`);

const taskExpectation = z.strictObject({
  state: taskState.optional(),
  tries: z.int('must be a whole number').optional(),
  reason: z.string('must be a text').optional(),
  instances: z.int('must be a whole number').optional(),
});

const expectation = z.strictObject({
  state: z.enum(['succeeded', 'failed', 'cancelled'], 'must be succeeded, failed or cancelled').default('succeeded'),
  reason: z.string('must be a text').optional(),
  within: duration.optional(),
  tasks: z.record(z.string(), z.unknown(), 'must be an object: task id -> state').default({}),
  inputs: byTask.default({}),
  fields: byTask.default({}),
  outputs: byTask.default({}),
  check: z.array(z.string('must be an expression'), 'must be a list of expressions').default([]),
});

const testCase = z.strictObject({
  name: z.string('must be a text').min(1, 'is empty'),
  pipeline: z.string('must be the name of a pipeline').optional(),
  params: z.record(z.string(), z.unknown(), 'must be an object').default({}),
  variables: texts.default({}),
  secrets: texts.default({}),
  connections: z.record(z.string(), z.record(z.string(), z.unknown()), 'must be an object of connections').default({}),
  recorded: z.string('must be the path of a file').optional(),
  real: z.union([z.boolean(), z.array(z.string())], 'must be true, or a list of task ids').default(false),
  startAt: z.iso.datetime({ offset: true, error: 'must be a time such as 2030-01-31T08:00:00Z' }).optional(),
  cancelAfter: duration.optional(),
  mocks: z.record(z.string(), z.unknown(), 'must be an object: task id -> mock').default({}),
  expect: z.unknown().optional(),
});

const testFile = z.strictObject({
  pipeline: z.string('must be the name of a pipeline').optional(),
  cases: z.array(z.unknown(), 'must be a list of cases'),
});

export type TaskExpectation = z.output<typeof taskExpectation>;
export type Expectation = Omit<z.output<typeof expectation>, 'tasks'> & {
  readonly tasks: ReadonlyMap<string, TaskExpectation>;
};

/** One case of a test file. */
export interface TestCase extends Omit<z.output<typeof testCase>, 'pipeline' | 'mocks' | 'expect'> {
  readonly pipeline: string;
  readonly mocks: ReadonlyMap<string, MockDefinition>;
  readonly expect: Expectation;
  /** Where the case begins. */
  readonly line: number;
  /** Place of a part of the case, by its path from the case. */
  readonly placeOf: (path: Path) => { readonly line: number; readonly column: number };
}

export interface TestFile {
  /** Relative to the folder of the bundle. */
  readonly path: string;
  readonly cases: readonly TestCase[];
  readonly problems: readonly ErrorDetail[];
}

/** Reads a file of cases; what is wrong with it is in `problems`, at its place. */
export async function readTestFile(folder: string, path: string): Promise<TestFile> {
  const text = await readFile(join(folder, path), 'utf8');
  const problems = new Problems({ file: path, text });
  const parsed = parseYaml(text);
  for (const { code, message, offset, hint } of parsed.problems) problems.addAt(code, message, [], offset, hint);
  if (parsed.root === undefined) return { path, cases: [], problems: problems.found };
  problems.useRoot(parsed.root);
  const file = testFile.safeParse(toJson(parsed.root));
  if (!file.success) {
    problems.addIssues(file.error.issues, [], testFile);
    return { path, cases: [], problems: inTests(problems.found) };
  }
  const reader = new CaseReader(problems, file.data.pipeline);
  const cases = file.data.cases.flatMap((one, index) => reader.read(one, ['cases', index]) ?? []);
  return { path, cases, problems: inTests(problems.found) };
}

/** The checks are those of definitions; the codes say where they were made. */
function inTests(found: readonly ErrorDetail[]): ErrorDetail[] {
  return found.map((one) => ({ ...one, code: one.code.replace(/^pipeline\./, 'test.') }));
}

class CaseReader {
  constructor(
    private readonly problems: Problems,
    private readonly pipeline: string | undefined,
  ) {}

  read(value: unknown, path: Path): TestCase | undefined {
    const before = this.problems.found.length;
    const parsed = testCase.safeParse(value);
    if (!parsed.success) {
      this.problems.addIssues(parsed.error.issues, path, testCase);
      return undefined;
    }
    const { pipeline = this.pipeline, mocks, expect, ...others } = parsed.data;
    if (pipeline === undefined) {
      this.problems.add('test.no_pipeline', 'the case names no pipeline', path, {
        hint: 'write `pipeline: name`, in the case or at the top of the file',
      });
    }
    const definitions = parseMocks(mocks as JsonObject, [...path, 'mocks'], this.problems);
    const expected = this.expectation(expect ?? {}, [...path, 'expect']);
    if (this.problems.found.length > before || expected === undefined || pipeline === undefined) return undefined;
    return {
      ...others,
      pipeline,
      mocks: definitions,
      expect: expected,
      line: this.problems.placeOf(path).line,
      placeOf: (part) => this.problems.placeOf([...path, ...part]),
    };
  }

  private expectation(value: unknown, path: Path): Expectation | undefined {
    const parsed = expectation.safeParse(value);
    if (!parsed.success) {
      this.problems.addIssues(parsed.error.issues, path, expectation);
      return undefined;
    }
    const tasks = new Map<string, TaskExpectation>();
    for (const [id, written] of Object.entries(parsed.data.tasks)) {
      const at = [...path, 'tasks', id];
      const state = typeof written === 'string' ? states.find((one) => one === written) : undefined;
      if (state !== undefined) tasks.set(id, { state });
      else if (typeof written === 'string') {
        this.problems.add('test.invalid_value', `"${written}" is no state: it is one of ${states.join(', ')}`, at);
      } else {
        const full = taskExpectation.safeParse(written);
        if (full.success) tasks.set(id, full.data);
        else this.problems.addIssues(full.error.issues, at, taskExpectation);
      }
    }
    return { ...parsed.data, tasks };
  }
}
