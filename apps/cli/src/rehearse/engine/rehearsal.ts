import type { AttemptOutcome, PlanTask, TaskSpec, Transition } from '@millrace/contracts';
import {
  checkExpression,
  evaluateList,
  type ExpressionScope,
  type JsonSpan,
  listElements,
  renderJson,
  rootSpan,
  spanText,
  type TaskScope,
  templateReferences,
} from '@millrace/expressions';
import { DomainError, type Json } from '@millrace/kernel';
import type { CompiledPipeline } from '@millrace/pipelines/compile';
import { findTaskDefinition } from '@millrace/tasks/catalogue';
import { type DispatchRef, type RunCommand, type RunEvent, RunMachine } from '@millrace/workflows';
import type { Answer, Behaviour, Call } from './answer.js';
import { decide } from './decide.js';
import { checkedParams } from './params.js';
import type { RehearsedAttempt, RehearsedInstance, RehearsedRun, RehearsedTask } from './result.js';
import { VirtualClock } from './virtual-clock.js';

export interface RehearsalOptions {
  readonly params?: Json;
  /** What stands for the code of each task; asked for every task that a runner would execute. */
  readonly behaviour: (task: string) => Behaviour;
  /** Variables of the environment. */
  readonly variables?: Readonly<Record<string, string>>;
  /** When the run is created, milliseconds since the epoch. */
  readonly startMs?: number;
  /** Cancels the run after so many milliseconds of virtual time. */
  readonly cancelAfterMs?: number;
  /** Draws the jitter of retries: 0 ≤ x < 1. The same each time where it is left out. */
  readonly random?: () => number;
}

const runId = 'run_rehearsal';
const standardStartMs = Date.UTC(2030, 0, 1);
/** A mistake in a mock must not become an endless rehearsal. */
const maxSteps = 1_000_000;

/** A generator of numbers that is the same each time (mulberry32 by Tommy Ettinger, public domain). */
function steadyRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * One run of a compiled pipeline without a platform: the run machine of the platform decides, expressions are evaluated
 * as the platform evaluates them, mocks stand for the code, and time is virtual.
 */
export class Rehearsal {
  private readonly clock: VirtualClock;
  private readonly machine: RunMachine;
  private readonly specs: CompiledPipeline['spec']['tasks'];
  private readonly plans: ReadonlyMap<string, PlanTask>;
  private readonly tasks = new Map<string, RehearsedTask>();
  private readonly transitions: Transition[] = [];
  /** Items of the lists that tasks are mapped over. */
  private readonly lists = new Map<string, readonly JsonSpan[]>();
  private readonly references = new Map<string, ReadonlySet<string>>();
  private readonly startMs: number;
  private readonly params: string;
  /** Answers of mocks that take real time, and a failure of one that is not the task's. */
  private readonly pending = new Set<Promise<void>>();
  private failure: { readonly error: unknown } | undefined;

  /** @throws DomainError `params.invalid` */
  constructor(
    private readonly pipeline: CompiledPipeline,
    private readonly options: RehearsalOptions,
  ) {
    const { plan, spec } = pipeline;
    this.startMs = options.startMs ?? standardStartMs;
    this.clock = new VirtualClock(this.startMs);
    this.params = checkedParams(spec.params, options.params ?? {});
    this.specs = spec.tasks;
    this.plans = new Map(plan.tasks.map((task) => [task.id, task]));
    for (const id of Object.keys(spec.tasks)) this.tasks.set(id, { id, state: 'waiting', instances: [] });
    this.machine = new RunMachine(plan, {}, options.random ?? steadyRandom(1));
  }

  /** Rejects with what a mock threw by mistake. */
  async run(): Promise<RehearsedRun> {
    this.machine.start(this.clock.nowMs);
    const { cancelAfterMs } = this.options;
    if (cancelAfterMs !== undefined) this.clock.after(cancelAfterMs, 'cancel', () => this.apply({ kind: 'cancel' }));
    this.carryOut();
    for (let steps = 0; this.machine.finished === undefined; steps += 1) {
      if (this.failure !== undefined) throw this.failure.error;
      if (steps > maxSteps) throw new Error('the rehearsal does not come to an end');
      // What takes real time takes no virtual time: the clock waits for it.
      if (this.pending.size > 0 && !this.clock.isBusy) await Promise.race(this.pending);
      else if (!this.clock.step()) throw new Error('the run waits for something that will not happen');
    }
    const end = this.transitions.findLast((one) => one.kind === 'run');
    return {
      state: this.machine.finished,
      ...(end?.reason === undefined ? {} : { reason: end.reason }),
      elapsedMs: this.clock.nowMs - this.startMs,
      params: this.params,
      tasks: this.tasks,
      transitions: this.transitions,
    };
  }

  private apply(event: RunEvent): void {
    this.machine.apply(event, this.clock.nowMs);
    this.carryOut();
  }

  private carryOut(): void {
    for (const transition of this.machine.takeTransitions()) this.record(transition);
    for (const command of this.machine.takeCommands()) this.command(command);
  }

  private command(command: RunCommand): void {
    switch (command.kind) {
      case 'decide': {
        const { taskId } = command;
        this.clock.after(0, `decide ${taskId}`, () => {
          const decision = decide(this.spec(taskId), this.scope(this.spec(taskId)), this.clock.nowMs);
          this.apply({ kind: 'decided', taskId, decision });
        });
        return;
      }
      case 'dispatch':
        this.clock.after(0, keyOf(command), () => this.dispatch(command));
        return;
      case 'sleep': {
        const { taskId, mapIndex, ms } = command;
        this.clock.after(ms, `sleep ${taskId}/${mapIndex}`, () => this.apply({ kind: 'woke', taskId, mapIndex }));
        return;
      }
      case 'wake':
        this.clock.forget(`sleep ${command.taskId}/${command.mapIndex}`);
        return;
      case 'stop':
        // One that has no end in sight answers by itself.
        if (this.clock.forget(keyOf(command))) {
          this.clock.after(0, keyOf(command), () =>
            this.end(command, { state: 'cancelled', retryable: false, fence: 1 }),
          );
        }
        return;
      case 'settle':
        // Every dispatch of a rehearsal answers.
        return;
    }
  }

  private dispatch(command: Extract<RunCommand, { kind: 'dispatch' }>): void {
    const { taskId, mapIndex } = command;
    const instance = this.instance(taskId, mapIndex);
    const attempt: RehearsedAttempt = {
      try: command.try,
      startedAtMs: this.clock.nowMs - this.startMs,
      state: 'running',
    };
    instance.attempts.push(attempt);
    let call: Call;
    try {
      call = this.call(command, instance);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      attempt.message = `${error.code}: ${error.message}`;
      this.end(command, { state: 'failed', reason: 'input_error', retryable: false, fence: command.dispatch });
      return;
    }
    const answered = this.options.behaviour(taskId)(call);
    if (!(answered instanceof Promise)) {
      this.answer(command, answered);
      return;
    }
    const pending = answered
      .then((answer) => this.answer(command, answer))
      .catch((error: unknown) => {
        this.failure ??= { error };
      })
      .finally(() => this.pending.delete(pending));
    this.pending.add(pending);
  }

  /** What the code gets, rendered as the platform renders it for an attempt. */
  private call(command: Extract<RunCommand, { kind: 'dispatch' }>, instance: RehearsedInstance): Call {
    const spec = this.spec(command.taskId);
    const scope = this.attemptScope(spec, command.mapIndex);
    const fields = JSON.parse(renderJson(spec.config ?? {}, scope)) as Json;
    const inputText = renderJson(spec.input ?? null, scope);
    instance.input = inputText;
    instance.fields = fields;
    return {
      task: command.taskId,
      mapIndex: command.mapIndex,
      try: command.try,
      attempt: command.dispatch,
      inputText,
      input: JSON.parse(inputText) as Json,
      fields,
      params: JSON.parse(this.params) as Json,
      render: (template) => renderJson(template, scope),
    };
  }

  private answer(command: Extract<RunCommand, { kind: 'dispatch' }>, answer: Answer): void {
    const delayMs = answer.delayMs ?? 0;
    const { timeoutMs, dispatch: fence } = command;
    if (delayMs > timeoutMs) {
      const outcome = { state: 'timed_out', reason: 'timeout', retryable: true, fence } as const;
      this.clock.after(timeoutMs, keyOf(command), () => this.end(command, outcome));
      return;
    }
    this.clock.after(delayMs, keyOf(command), () => {
      const instance = this.instance(command.taskId, command.mapIndex);
      const attempt = instance.attempts.at(-1);
      if (answer.kind === 'output') {
        instance.output = answer.text;
        this.end(command, { state: 'succeeded', retryable: false, fence });
      } else if (answer.kind === 'lost') {
        this.end(command, { state: 'lost', reason: 'worker_lost', retryable: true, fence });
      } else {
        if (attempt !== undefined) attempt.message = answer.message;
        const retryable = answer.retryable ?? isRetryable(this.spec(command.taskId).type, answer.code);
        this.end(command, { state: 'failed', reason: answer.code ?? 'exception', retryable, fence });
      }
    });
  }

  private end(ref: DispatchRef, outcome: AttemptOutcome): void {
    const attempt = this.instance(ref.taskId, ref.mapIndex).attempts.at(-1);
    if (attempt !== undefined) {
      attempt.endedAtMs = this.clock.nowMs - this.startMs;
      attempt.state = outcome.state;
      if (outcome.reason !== undefined) attempt.reason = outcome.reason;
    }
    const { taskId, mapIndex, dispatch } = ref;
    this.apply({ kind: 'ended', taskId, mapIndex, dispatch, outcome });
  }

  private record(transition: Transition): void {
    this.transitions.push(transition);
    if (transition.kind === 'run') return;
    const { taskId, mapIndex, state, reason, mapLength, tries } = transition;
    const task = this.task(taskId);
    if (mapIndex < 0) {
      task.state = state;
      if (reason === undefined) delete task.reason;
      else task.reason = reason;
      if (mapLength !== undefined) task.mapLength = mapLength;
    }
    // The summary of a mapped task is no instance of it.
    if (mapIndex < 0 && this.plans.get(taskId)?.map !== undefined) return;
    const instance = this.instance(taskId, mapIndex);
    instance.state = state;
    instance.tries = Math.max(instance.tries, tries);
    if (reason === undefined) delete instance.reason;
    else instance.reason = reason;
  }

  private attemptScope(spec: TaskSpec, mapIndex: number): ExpressionScope {
    const scope = this.scope(spec);
    if (mapIndex < 0 || spec.mapOver === undefined) return scope;
    let list = this.lists.get(spec.id);
    if (list === undefined) {
      list = listElements(rootSpan(evaluateList(spec.mapOver, scope).text));
      this.lists.set(spec.id, list);
    }
    const item = list[mapIndex];
    return { ...scope, ...(item === undefined ? {} : { item: spanText(item) }), index: mapIndex };
  }

  private scope(spec: TaskSpec): ExpressionScope {
    const vars = Object.fromEntries(
      spec.variables.map((name) => {
        const value = this.options.variables?.[name];
        if (value !== undefined) return [name, value];
        throw new DomainError('not_found', 'variable.not_found', `the test gives no variable "${name}"`);
      }),
    );
    return {
      params: this.params,
      tasks: Object.fromEntries([...this.usedBy(spec)].map((id) => [id, this.taskScope(this.task(id))])),
      run: { id: runId, createdAt: new Date(this.startMs).toISOString() },
      vars,
    };
  }

  /** Ids of the tasks that the expressions of a task look at. */
  private usedBy(spec: TaskSpec): ReadonlySet<string> {
    let used = this.references.get(spec.id);
    if (used === undefined) {
      const sources = [spec.when, spec.mapOver, spec.wait?.until].filter((source) => source !== undefined);
      const found = [
        ...templateReferences(spec.config),
        ...templateReferences(spec.input),
        ...sources.flatMap((source) => checkExpression(source).references),
      ];
      used = new Set(found.flatMap(({ root, path: [id] }) => (root === 'tasks' && id !== undefined ? [id] : [])));
      this.references.set(spec.id, used);
    }
    return used;
  }

  /** The output of a mapped task is the list of its instances' outputs, null where an instance has none. */
  private taskScope(task: RehearsedTask): TaskScope {
    const { state, mapLength, instances } = task;
    if (mapLength === undefined) {
      const output = instances[0]?.output;
      return output === undefined || state !== 'succeeded' ? { state } : { state, output };
    }
    const length = instances.length === 0 && state === 'skipped' ? 0 : mapLength;
    const texts = Array.from({ length }, () => 'null');
    for (const { mapIndex, output, state: ended } of instances) {
      if (output !== undefined && ended === 'succeeded') texts[mapIndex] = output;
    }
    return { state, output: `[${texts.join(',')}]` };
  }

  private instance(taskId: string, mapIndex: number): RehearsedInstance {
    const { instances } = this.task(taskId);
    // Instances begin in the order of the list, so that nearly always this is the one.
    const likely = instances[Math.max(0, mapIndex)];
    let found = likely?.mapIndex === mapIndex ? likely : instances.find((one) => one.mapIndex === mapIndex);
    if (found === undefined) {
      found = { mapIndex, state: 'waiting', tries: 0, attempts: [] };
      instances.push(found);
    }
    return found;
  }

  private task(id: string): RehearsedTask {
    const task = this.tasks.get(id);
    if (task === undefined) throw new Error(`the pipeline ${this.pipeline.name} has no task ${id}`);
    return task;
  }

  private spec(id: string): TaskSpec {
    const spec = this.specs[id];
    if (spec === undefined) throw new Error(`the pipeline ${this.pipeline.name} has no task ${id}`);
    return spec;
  }
}

function keyOf({ taskId, mapIndex, dispatch }: DispatchRef): string {
  return `${taskId}/${mapIndex}/${dispatch}`;
}

/** Whether the task's type retries an error of this code; one without a code is an exception, which is retried. */
function isRetryable(type: string, code: string | undefined): boolean {
  if (code === undefined) return true;
  const classes = findTaskDefinition(type)?.retryable ?? [];
  const matching = classes.filter((one) =>
    one.code.endsWith('*') ? code.startsWith(one.code.slice(0, -1)) : one.code === code,
  );
  return matching.sort((a, b) => b.code.length - a.code.length)[0]?.retryable ?? true;
}
