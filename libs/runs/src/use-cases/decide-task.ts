import { planOf } from '@millrace/billing';
import type { TaskDecision, TaskSpec } from '@millrace/contracts';
import type { TenantTransaction } from '@millrace/database';
import {
  checkExpression,
  evaluate,
  evaluateCondition,
  evaluateList,
  ExpressionError,
  type ExpressionScope,
  type Reference,
} from '@millrace/expressions';
import { DomainError, type EnvironmentId, type VersionId } from '@millrace/kernel';
import type { ObjectStore } from '@millrace/object-store';
import type { VersionCache } from '@millrace/pipelines';
import { readTaskScopes } from '../adapters/pg/pg-attempt-scope.js';

/** The variables of an environment that expressions may see. */
export interface VariableSource {
  /** @throws DomainError `not_found` for a name that is not there. */
  variables(
    tx: TenantTransaction,
    environmentId: EnvironmentId,
    names: readonly string[],
  ): Promise<Record<string, string>>;
}

interface RunRow {
  version_id: VersionId;
  environment_id: EnvironmentId;
  params: string;
  created_at: Date;
  plan: string;
  instances: number;
}

/** The longest that a `wait` may take. */
const maxWaitMs = 366 * 24 * 3_600_000;
/** What a workflow's history keeps of an error's message. */
const maxErrorLength = 300;

/** Evaluates what decides about a task once its needs are done: whether it runs, over how many items, how long it waits. */
export class DecideTask {
  private readonly references = new WeakMap<TaskSpec, readonly Reference[]>();

  constructor(
    private readonly versions: VersionCache,
    private readonly objects: ObjectStore,
    private readonly values: VariableSource,
    private readonly now: () => number = Date.now,
  ) {}

  /** @throws DomainError `run.not_found`; what the author of the pipeline has to mend is in the decision's `error`. */
  async execute(tx: TenantTransaction, runId: string, taskId: string): Promise<TaskDecision> {
    const [run] = await tx.query<RunRow>(
      `select r.version_id, r.environment_id, r.params, r.created_at, o.plan,
         (select count(*)::int from task_instances ti where ti.tenant_id = $1 and ti.run_id = $2) as instances
       from runs r join organizations o on o.id = $1 where r.tenant_id = $1 and r.id = $2`,
      [tx.tenantId, runId],
    );
    if (run === undefined) throw new DomainError('not_found', 'run.not_found', `there is no run ${runId}`);
    const { spec } = await this.versions.get(tx, run.version_id);
    const task = spec.tasks[taskId];
    if (task === undefined) throw new DomainError('not_found', 'task.not_found', `the version has no task ${taskId}`);
    try {
      return this.decide(task, await this.scope(tx, runId, run, task), run);
    } catch (error) {
      if (error instanceof DomainError && isAuthorsFault(error)) return { run: false, error: messageOf(error) };
      throw error;
    }
  }

  private async scope(tx: TenantTransaction, runId: string, run: RunRow, task: TaskSpec): Promise<ExpressionScope> {
    const references = this.referencesOf(task);
    const usesVars = references.some((reference) => reference.root === 'vars');
    return {
      params: run.params,
      tasks: await readTaskScopes(tx, this.objects, runId, references),
      run: { id: runId, createdAt: run.created_at.toISOString() },
      vars:
        usesVars && task.variables.length > 0
          ? await this.values.variables(tx, run.environment_id, task.variables)
          : {},
    };
  }

  private decide(task: TaskSpec, scope: ExpressionScope, run: RunRow): TaskDecision {
    if (task.when !== undefined && !evaluateCondition(task.when, scope)) return { run: false };
    const mapLength = task.mapOver === undefined ? undefined : this.mapLength(task.mapOver, scope, run);
    const waitMs = task.wait === undefined ? undefined : this.waitMs(task.wait, scope);
    return {
      run: true,
      ...(mapLength === undefined ? {} : { mapLength }),
      ...(waitMs === undefined ? {} : { waitMs }),
    };
  }

  private mapLength(source: string, scope: ExpressionScope, run: RunRow): number {
    const { length } = evaluateList(source, scope);
    const limit = planOf(run.plan).limits.tasksPerRun;
    if (run.instances + length <= limit) return length;
    throw new DomainError(
      'too_large',
      'map.too_long',
      `a list of ${length} items would exceed the ${limit} tasks that the plan allows in a run`,
    );
  }

  private waitMs(wait: NonNullable<TaskSpec['wait']>, scope: ExpressionScope): number {
    if (wait.forMs !== undefined) return wait.forMs;
    if (wait.until === undefined) return 0;
    const ms = waitOf(JSON.parse(evaluate(wait.until, scope)), this.now());
    if (Number.isNaN(ms)) {
      throw new DomainError(
        'invalid',
        'wait.bad_time',
        'what to wait for is neither a number of seconds nor an RFC 3339 time with an offset',
      );
    }
    if (ms <= maxWaitMs) return Math.max(0, ms);
    throw new DomainError('invalid', 'wait.too_long', 'the time to wait until is more than 366 days away');
  }

  private referencesOf(task: TaskSpec): readonly Reference[] {
    let references = this.references.get(task);
    if (references === undefined) {
      const sources = [task.when, task.mapOver, task.wait?.until].filter((source) => source !== undefined);
      references = sources.flatMap((source) => checkExpression(source).references);
      this.references.set(task, references);
    }
    return references;
  }
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

/** Milliseconds from now; NaN for what is no time. */
function waitOf(value: unknown, nowMs: number): number {
  if (typeof value === 'number') return Math.round(value * 1_000);
  return typeof value === 'string' && rfc3339.test(value) ? Date.parse(value) - nowMs : NaN;
}

function isAuthorsFault(error: DomainError): boolean {
  if (error.code === 'run.not_found' || error.code === 'task.not_found') return false;
  return (
    error instanceof ExpressionError ||
    error.kind === 'invalid' ||
    error.kind === 'not_found' ||
    error.kind === 'too_large'
  );
}

function messageOf(error: DomainError): string {
  return `${error.code}: ${error.message}`.slice(0, maxErrorLength);
}
