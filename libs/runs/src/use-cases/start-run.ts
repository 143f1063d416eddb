import { allowsSize, planOf } from '@millrace/billing';
import type { PoolSize, RunPlan, RunPool } from '@millrace/contracts';
import { channels, type TenantTransaction } from '@millrace/database';
import {
  DomainError,
  type EnvironmentId,
  isId,
  newId,
  type PipelineId,
  type RunId,
  type VersionId,
} from '@millrace/kernel';
import type { VersionCache } from '@millrace/pipelines';
import type { ParamsCheck } from '../params.js';
import { isRoot, lockActiveRuns, tellDemand } from '../admission.js';
import type { InstanceFacts } from '../attempt-lease.js';
import type { StartDirectly } from './start-directly.js';

/** Where a pipeline is looked for by name. */
type Place = { readonly environmentId: EnvironmentId } | { readonly environmentSlug: string };

export type StartRunRequest = Place & {
  /** Set for a caller that may reach one environment only. */
  readonly onlyEnvironmentId?: EnvironmentId | undefined;
  /** Id or name. */
  readonly pipeline: string;
  /** Id or number of a version; the active one where absent. */
  readonly version?: string | undefined;
  /** JSON text of an object, as it was sent. */
  readonly params: string;
  readonly trigger: 'api' | 'schedule' | 'webhook' | 'backfill';
  readonly createdBy: string;
};

interface Admission {
  id: PipelineId;
  environment_id: EnvironmentId;
  environment: string;
  organization: string;
  name: string;
  paused: boolean;
  version_id: VersionId | null;
  plan: string;
  deadline_ms: string | null;
  live: number;
  pools: Record<string, RunPool>;
}

/** Accepts a run: what is wrong with it is said now, what was accepted is never lost. */
export class StartRun {
  constructor(
    private readonly versions: VersionCache,
    private readonly params: ParamsCheck,
    /** Absent: every run waits for its workflow. */
    private readonly directly?: StartDirectly,
  ) {}

  /**
   * Writes the run, its task instances and the debt to Temporal in the caller's transaction.
   * @throws DomainError `pipeline.not_found`, `pipeline.paused`, `pipeline.no_active_version`, `version.not_found`,
   *   `params.…`, `run.pool_missing`, `run.limit`, `run.too_many_active`, `plan.…`
   */
  async execute(tx: TenantTransaction, request: StartRunRequest): Promise<RunId> {
    const admission = await this.admit(tx, request);
    const version = await this.versions.get(tx, admission.version_id);
    const { plan, spec } = version;
    const params = this.params.check(spec.params, request.params);
    const limits = planOf(admission.plan).limits;
    if (admission.live >= limits.queuedRuns) {
      throw new DomainError('quota', 'run.limit', `the plan allows ${limits.queuedRuns} runs that have not ended`, {
        retryAfterSeconds: 30,
        facts: { limit: limits.queuedRuns },
      });
    }
    if (plan.tasks.length > limits.tasksPerRun) {
      throw new DomainError(
        'quota',
        'run.too_many_tasks',
        `the plan allows ${limits.tasksPerRun} tasks in a run, this pipeline has ${plan.tasks.length}`,
      );
    }
    const pools = resolvePools(plan, admission.pools, (size) => allowsSize(limits, size));
    const maxActive = spec.concurrency?.onLimit === 'queue' ? spec.concurrency.maxActiveRuns : null;
    const held = await this.mustWait(tx, admission.id, spec.concurrency);
    const runId = newId('run');
    const directPools = held ? [] : (this.directly?.poolsOf(version, pools) ?? []);
    // Sent one behind the other: what the rooms say is true for as long as the run is not committed.
    const inserting = insertRun(tx, {
      runId,
      request,
      pipelineId: admission.id,
      environmentId: admission.environment_id,
      versionId: admission.version_id,
      params,
      plan,
      pools,
      maxActive,
      held,
      deadlineMs: admission.deadline_ms,
    });
    const rootPools = held ? [] : plan.tasks.filter(isRoot).flatMap((task) => pools[task.pool]?.poolId ?? []);
    if (this.directly === undefined || directPools.length === 0) {
      tellDemand(tx, rootPools);
      await inserting;
      return runId;
    }
    const [createdAt, rooms] = await Promise.all([inserting, this.directly.rooms(tx, runId, directPools)]);
    const facts: InstanceFacts = {
      runState: 'queued',
      pipelineId: admission.id,
      pipeline: admission.name,
      versionId: admission.version_id,
      environmentId: admission.environment_id,
      environment: admission.environment,
      organization: admission.organization,
      plan: admission.plan,
      params,
      pools,
      runCreatedAt: createdAt,
      slotsInUse: 0,
      attempts: [],
    };
    const served = await this.directly.lease(tx, { runId, facts, version }, directPools, rooms);
    tellDemand(
      tx,
      rootPools.filter((poolId) => !served.has(poolId)),
    );
    return runId;
  }

  private async admit(tx: TenantTransaction, request: StartRunRequest): Promise<Admission & { version_id: VersionId }> {
    const byId = isId('pipeline', request.pipeline);
    const bySlug = !('environmentId' in request);
    const environment = bySlug
      ? `(select id from environments where tenant_id = $1 and slug = $3 and deleted_at is null)`
      : '$3';
    const { version } = request;
    const number = version !== undefined && /^[1-9]\d{0,8}$/.test(version) ? Number(version) : null;
    // The share of the pools' keys holds back who wants to delete one of them, until this run is there to be seen.
    const [row] = await tx.query<Admission>(
      `select p.id, p.environment_id, p.name, p.paused_at is not null as paused, v.id as version_id, o.plan, v.deadline_ms,
         e.slug as environment, o.slug as organization,
         (select count(*)::int from runs r where r.tenant_id = $1 and r.state in ('queued', 'running')) as live,
         (select coalesce(jsonb_object_agg(l.name, jsonb_build_object('poolId', l.id, 'taskQueue', l.task_queue, 'size', l.size)), '{}')
          from (select id, name, task_queue, size from pools
                where tenant_id = $1 and environment_id = p.environment_id for key share) l) as pools
       from pipelines p
       join organizations o on o.id = $1
       join environments e on e.tenant_id = $1 and e.id = p.environment_id
       left join pipeline_versions v on v.tenant_id = $1 and v.pipeline_id = p.id
         and case when $4::text is null then v.id = p.active_version_id else v.id = $4 or v.number = $5::int end
       where p.tenant_id = $1 and ${byId ? 'p.id = $2 and $3::text is not null' : `p.name = $2 and p.environment_id = ${environment}`}`,
      [
        tx.tenantId,
        request.pipeline,
        'environmentId' in request ? request.environmentId : request.environmentSlug,
        version ?? null,
        number,
      ],
      `admit_run_${byId ? 'by_id' : bySlug ? 'by_slug' : 'by_name'}`,
    );
    const outOfReach = request.onlyEnvironmentId !== undefined && row?.environment_id !== request.onlyEnvironmentId;
    if (row === undefined || outOfReach) {
      throw new DomainError(
        'not_found',
        'pipeline.not_found',
        `there is no pipeline "${request.pipeline}" in this environment`,
      );
    }
    if (row.version_id === null) {
      throw version === undefined
        ? new DomainError(
            'conflict',
            'pipeline.no_active_version',
            `no version of pipeline "${row.name}" is active: deploy it, or activate one`,
          )
        : new DomainError('not_found', 'version.not_found', `pipeline "${row.name}" has no version "${version}"`);
    }
    if (row.paused) {
      throw new DomainError('conflict', 'pipeline.paused', `pipeline "${row.name}" is paused: resume it first`);
    }
    return { ...row, version_id: row.version_id };
  }

  /** Whether the run waits for others of its pipeline; the answer holds until the transaction ends. */
  private async mustWait(
    tx: TenantTransaction,
    pipelineId: PipelineId,
    concurrency: { readonly maxActiveRuns: number; readonly onLimit: 'queue' | 'reject' } | undefined,
  ): Promise<boolean> {
    if (concurrency === undefined) return false;
    const { active, held } = await lockActiveRuns(tx, pipelineId);
    // Those that wait already go first.
    if (active < concurrency.maxActiveRuns && held === 0) return false;
    if (concurrency.onLimit === 'queue') return true;
    throw new DomainError(
      'conflict',
      'run.too_many_active',
      `the pipeline allows ${concurrency.maxActiveRuns} runs at a time and ${active} are active`,
      {
        retryAfterSeconds: 10,
        facts: { limit: concurrency.maxActiveRuns, active },
      },
    );
  }
}

function resolvePools(
  plan: RunPlan,
  known: Readonly<Record<string, RunPool>>,
  allowed: (size: PoolSize) => boolean,
): Record<string, RunPool> {
  const pools: Record<string, RunPool> = {};
  for (const task of plan.tasks) {
    if (task.kind !== 'attempt') continue;
    const pool = Object.hasOwn(known, task.pool) ? known[task.pool] : undefined;
    if (pool === undefined) {
      throw new DomainError(
        'conflict',
        'run.pool_missing',
        `task "${task.id}" needs the pool "${task.pool}", which this environment does not have: create it, or deploy with another`,
      );
    }
    if (!allowed(pool.size)) {
      throw new DomainError(
        'quota',
        'plan.size',
        `pool "${task.pool}" has size ${pool.size}, which is not part of the organization's plan`,
      );
    }
    pools[task.pool] = pool;
  }
  return pools;
}

interface NewRun {
  readonly runId: RunId;
  readonly request: StartRunRequest;
  readonly pipelineId: PipelineId;
  readonly environmentId: EnvironmentId;
  readonly versionId: VersionId;
  readonly params: string;
  readonly plan: RunPlan;
  readonly pools: Readonly<Record<string, RunPool>>;
  readonly maxActive: number | null;
  readonly held: boolean;
  readonly deadlineMs: string | null;
}

/** Gives the moment at which the run was accepted. */
async function insertRun(tx: TenantTransaction, run: NewRun): Promise<Date> {
  const tasks = run.plan.tasks.map((task) => ({
    id: task.id,
    pool: !run.held && isRoot(task) ? (run.pools[task.pool]?.poolId ?? null) : null,
  }));
  const [row] = await tx.query<{ created_at: Date }>(
    `with run as (
       insert into runs (tenant_id, id, environment_id, pipeline_id, version_id, state, reason, trigger, created_by, params, pools,
         held, max_active_runs)
       values ($1, $2, $3, $4, $5, 'queued', case when $11 then 'max_active_runs' end, $6, $7, $8, $9::jsonb, $11, $12)
       returning tenant_id, id, created_at),
     task as (
       insert into task_instances (tenant_id, run_id, task_id, state, pool_id, queued_at)
       select run.tenant_id, run.id, t.id, case when t.pool is null then 'waiting' else 'queued' end, t.pool,
         case when t.pool is not null then run.created_at end
       from run, jsonb_to_recordset($10::jsonb) as t (id text, pool text)),
     event as (
       insert into run_events (tenant_id, run_id, seq, at, type, state, detail)
       select tenant_id, id, 0, created_at, 'run', 'queued',
         case when $11 then '{"reason": "max_active_runs"}'::jsonb else '{}'::jsonb end
       from run),
     debt as (
       insert into outbox (tenant_id, kind, subject) select tenant_id, 'start_run', id from run where not $11),
     -- A durable timer: it rings also for a run that never begins.
     timer as (
       insert into outbox (tenant_id, kind, subject, not_before)
       select tenant_id, 'deadline', id, created_at + make_interval(secs => $13::bigint / 1000.0) from run
       where $13::bigint is not null)
     select created_at from run`,
    [
      tx.tenantId,
      run.runId,
      run.environmentId,
      run.pipelineId,
      run.versionId,
      run.request.trigger,
      run.request.createdBy,
      run.params,
      JSON.stringify(run.pools),
      JSON.stringify(tasks),
      run.held,
      run.maxActive,
      run.deadlineMs,
    ],
    'insert_run',
  );
  if (row === undefined) throw new Error('the run was not written');
  if (!run.held) tx.notify(channels.outbox, run.runId);
  return row.created_at;
}
