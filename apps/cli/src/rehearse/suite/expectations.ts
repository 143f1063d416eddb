import { evaluateCondition, type ExpressionScope } from '@millrace/expressions';
import { DomainError, type Json } from '@millrace/kernel';
import { formatDuration, type Path } from '@millrace/pipelines/compile';
import type { RehearsedRun, RehearsedTask } from '../engine/result.js';
import { type Difference, differences } from './difference.js';
import type { TaskExpectation, TestCase } from './test-file.js';

/** An expectation that does not hold. */
export interface Finding {
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly differences: readonly Difference[];
}

/** Compares how the run went with what the case expects of it. */
export function checkExpectations(test: TestCase, run: RehearsedRun): Finding[] {
  return new Checker(test, run).check();
}

class Checker {
  private readonly findings: Finding[] = [];

  constructor(
    private readonly test: TestCase,
    private readonly run: RehearsedRun,
  ) {}

  check(): Finding[] {
    const { expect } = this.test;
    const { state, reason, elapsedMs } = this.run;
    if (state !== expect.state) {
      this.report(`the run is ${state}, not ${expect.state}${this.whatFailed()}`, ['expect', 'state']);
    }
    if (expect.reason !== undefined && reason !== expect.reason) {
      this.report(`the reason of the run is "${reason ?? ''}", not "${expect.reason}"`, ['expect', 'reason']);
    }
    if (expect.within !== undefined && elapsedMs > expect.within) {
      const took = formatDuration(elapsedMs);
      this.report(`the run takes ${took}, more than ${formatDuration(expect.within)}`, ['expect', 'within']);
    }
    for (const [id, expected] of expect.tasks) this.task(id, expected);
    this.values('inputs', expect.inputs, (task) => perInstance(task, ({ input }) => parse(input)));
    this.values('fields', expect.fields, (task) => perInstance(task, ({ fields }) => fields as Json | undefined), true);
    this.values('outputs', expect.outputs, (task) => perInstance(task, ({ output }) => parse(output)));
    for (const [index, source] of expect.check.entries()) this.condition(source, ['expect', 'check', index]);
    return this.findings;
  }

  private report(message: string, path: Path, found: readonly Difference[] = []): void {
    this.findings.push({ message, ...this.test.placeOf(path), differences: found });
  }

  private find(id: string, path: Path): RehearsedTask | undefined {
    const task = this.run.tasks.get(id);
    if (task === undefined) this.report(`the pipeline "${this.test.pipeline}" has no task "${id}"`, path);
    return task;
  }

  private task(id: string, expected: TaskExpectation): void {
    const path = ['expect', 'tasks', id];
    const task = this.find(id, path);
    if (task === undefined) return;
    const tries = task.instances.reduce((most, one) => Math.max(most, one.tries), 0);
    const reason = task.reason ?? task.instances.find((one) => one.reason !== undefined)?.reason;
    const last = task.instances.flatMap((one) => one.attempts).findLast((one) => one.message !== undefined)?.message;
    const why = expected.state !== task.state && last !== undefined ? `: ${last}` : '';
    const actual = { state: task.state, tries, reason, instances: task.mapLength ?? task.instances.length };
    for (const key of ['state', 'tries', 'reason', 'instances'] as const) {
      if (expected[key] === undefined || expected[key] === actual[key]) continue;
      const what = key === 'state' ? '' : `has ${key} `;
      const is = key === 'state' ? 'is ' : what;
      this.report(`${id} ${is}${actual[key] ?? 'none'}, not ${expected[key]}${key === 'state' ? why : ''}`, [
        ...path,
        ...(this.isShort(id) ? [] : [key]),
      ]);
    }
  }

  /** True where only the state was written. */
  private isShort(id: string): boolean {
    const { line, column } = this.test.placeOf(['expect', 'tasks', id, 'state']);
    const whole = this.test.placeOf(['expect', 'tasks', id]);
    return line === whole.line && column === whole.column;
  }

  private values(
    kind: 'inputs' | 'fields' | 'outputs',
    expected: Readonly<Record<string, unknown>>,
    actualOf: (task: RehearsedTask) => Json | undefined,
    partial = false,
  ): void {
    for (const [id, value] of Object.entries(expected)) {
      const path = ['expect', kind, id];
      const task = this.find(id, path);
      if (task === undefined) continue;
      const actual = actualOf(task);
      const noun = { inputs: 'input', fields: 'fields', outputs: 'output' }[kind];
      if (actual === undefined) {
        this.report(`${id} has no ${noun}: it is ${task.state}`, path);
        continue;
      }
      const found = differences(value as Json, actual, partial);
      if (found.length > 0) this.report(`the ${noun} of ${id} differ${kind === 'fields' ? '' : 's'}`, path, found);
    }
  }

  private condition(source: string, path: Path): void {
    try {
      if (!evaluateCondition(source, this.scope())) this.report(`does not hold: ${source}`, path);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      this.report(`cannot be evaluated: ${source}: ${error.message}`, path);
    }
  }

  private scope(): ExpressionScope {
    const tasks = [...this.run.tasks.values()].map((task) => {
      const output = perInstance(task, ({ output: text }) => parse(text));
      return [
        task.id,
        { state: task.state, ...(output === undefined ? {} : { output: JSON.stringify(output) }) },
      ] as const;
    });
    return { params: this.run.params, tasks: Object.fromEntries(tasks) };
  }

  private whatFailed(): string {
    const failed = [...this.run.tasks.values()].filter((task) => task.state === 'failed');
    const shown = failed.map((task) => {
      const attempts = task.instances.flatMap((one) => one.attempts);
      const message = attempts.findLast((one) => one.message !== undefined)?.message ?? task.reason;
      return message === undefined ? task.id : `${task.id}: ${message}`;
    });
    return shown.length === 0 ? '' : ` (${shown.join('; ')})`;
  }
}

function parse(text: string | undefined): Json | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as Json);
}

/** The value of the one instance, or the list of those of a mapped task. */
function perInstance(
  task: RehearsedTask,
  valueOf: (instance: RehearsedTask['instances'][number]) => Json | undefined,
): Json | undefined {
  if (task.mapLength === undefined) return task.instances[0] === undefined ? undefined : valueOf(task.instances[0]);
  const values = new Array<Json>(task.state === 'skipped' ? 0 : task.mapLength).fill(null);
  for (const instance of task.instances) values[instance.mapIndex] = valueOf(instance) ?? null;
  return values;
}
