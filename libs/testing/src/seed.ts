import { createHash } from 'node:crypto';
import type { PlanTask, RunPlan, TaskSpec, VersionSpec } from '@millrace/contracts';
import {
  type EnvironmentId,
  newId,
  type OrganizationId,
  type PipelineId,
  type PoolId,
  type RunId,
  type RunnerId,
  type VersionId,
} from '@millrace/kernel';
import pg from 'pg';

/** An organization as sign-up leaves it. */
export interface SeededOrganization {
  readonly tenantId: OrganizationId;
  readonly slug: string;
  readonly environmentId: EnvironmentId;
  readonly poolId: PoolId;
  readonly taskQueue: string;
}

export interface SeedOptions {
  readonly slug?: string;
  readonly plan?: string;
  readonly slotsPerRunner?: number;
  readonly maxRunners?: number;
  readonly idleSeconds?: number;
  readonly taskQueue?: string;
}

/** Runs one statement as a superuser, past row-level security: for what a spec sets up or looks at from outside. */
export async function asSuper<R extends object = Record<string, unknown>>(
  superuserUrl: string,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<R[]> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    return (await client.query<R>(sql, [...parameters])).rows;
  } finally {
    await client.end();
  }
}

/** Makes an organization with the environment `production` and the pool `default`. */
export async function seedOrganization(superuserUrl: string, options: SeedOptions = {}): Promise<SeededOrganization> {
  const tenantId = newId('organization');
  const environmentId = newId('environment');
  const poolId = newId('pool');
  const slug = options.slug ?? tenantId.toLowerCase().replace('_', '-');
  const taskQueue = options.taskQueue ?? `pool-${poolId}`;
  await asSuper(superuserUrl, 'insert into organizations (id, slug, name, plan) values ($1, $2, $2, $3)', [
    tenantId,
    slug,
    options.plan ?? 'pro',
  ]);
  await asSuper(
    superuserUrl,
    `insert into environments (tenant_id, id, slug, name) values ($1, $2, 'production', 'Production')`,
    [tenantId, environmentId],
  );
  await asSuper(
    superuserUrl,
    `insert into pools (tenant_id, id, environment_id, name, task_queue, slots_per_runner, max_runners, idle_seconds)
     values ($1, $2, $3, 'default', $4, $5, $6, $7)`,
    [
      tenantId,
      poolId,
      environmentId,
      taskQueue,
      options.slotsPerRunner ?? 4,
      options.maxRunners ?? 2,
      options.idleSeconds ?? 60,
    ],
  );
  return { tenantId, slug, environmentId, poolId, taskQueue };
}

/** A task as a seeded run has it; everything but its id has a plain default. */
export interface SeededTask {
  readonly id: string;
  readonly needs?: readonly string[];
  readonly maxAttempts?: number;
  readonly mapOver?: string;
  readonly fuse?: PlanTask['fuse'];
  readonly spec?: Partial<TaskSpec>;
}

export interface SeededRun {
  readonly runId: RunId;
  readonly pipelineId: PipelineId;
  readonly versionId: VersionId;
  readonly plan: RunPlan;
}

export interface SeedRunOptions {
  readonly tasks?: readonly SeededTask[];
  readonly params?: string;
  readonly bundleDigest?: string;
  readonly dependencies?: VersionSpec['dependencies'];
}

function planTask(task: SeededTask): PlanTask {
  return {
    id: task.id,
    kind: 'attempt',
    needs: task.needs ?? [],
    trigger: 'all_success',
    conditional: false,
    ...(task.mapOver === undefined ? {} : { map: { maxConcurrency: 100 } }),
    retry: { maxAttempts: task.maxAttempts ?? 1, delayMs: 0, factor: 1, maxDelayMs: 0, jitter: 'none' },
    timeoutMs: 60_000,
    pool: 'default',
    ...(task.fuse === undefined ? {} : { fuse: task.fuse }),
  };
}

function taskSpec(task: SeededTask): TaskSpec {
  return {
    id: task.id,
    type: 'shell',
    config: { script: 'true' },
    secrets: [],
    connections: [],
    variables: [],
    timeoutMs: 60_000,
    maxAttempts: task.maxAttempts ?? 1,
    ...(task.mapOver === undefined ? {} : { mapOver: task.mapOver }),
    ...task.spec,
  };
}

/** Makes a pipeline with one version and a run of it whose tasks are all queued on the pool `default`. */
export async function seedRun(
  superuserUrl: string,
  organization: SeededOrganization,
  options: SeedRunOptions = {},
): Promise<SeededRun> {
  const { tenantId, environmentId, poolId, taskQueue } = organization;
  const tasks = options.tasks ?? [{ id: 'a' }];
  const [pipelineId, versionId, runId] = [newId('pipeline'), newId('version'), newId('run')];
  const deploymentId = newId('deployment');
  const bundleDigest = options.bundleDigest ?? `sha256:${createHash('sha256').update(pipelineId).digest('hex')}`;
  const name = pipelineId.toLowerCase().replace('_', '-');
  const plan: RunPlan = { format: 1, pipeline: name, tasks: tasks.map(planTask), maxParallel: 100 };
  const spec: VersionSpec = {
    format: 1,
    pipeline: name,
    params: {},
    tasks: Object.fromEntries(tasks.map((task) => [task.id, taskSpec(task)])),
    bundleDigest,
    dependencies: options.dependencies ?? {},
  };
  const run = (sql: string, parameters: readonly unknown[]): Promise<unknown> => asSuper(superuserUrl, sql, parameters);
  await run(
    `insert into bundles (tenant_id, digest, size_bytes, file_count) values ($1, $2, 0, 0) on conflict do nothing`,
    [tenantId, bundleDigest],
  );
  await run('insert into pipelines (tenant_id, id, environment_id, name) values ($1, $2, $3, $4)', [
    tenantId,
    pipelineId,
    environmentId,
    name,
  ]);
  await run(
    `insert into pipeline_versions (tenant_id, id, pipeline_id, number, digest, bundle_digest, deployment_id, plan, spec)
     values ($1, $2, $3, 1, $2, $4, $5, $6, $7)`,
    [tenantId, versionId, pipelineId, bundleDigest, deploymentId, JSON.stringify(plan), JSON.stringify(spec)],
  );
  await run(
    `insert into runs (tenant_id, id, environment_id, pipeline_id, version_id, state, created_by, params, pools)
     values ($1, $2, $3, $4, $5, 'running', 'usr_test', $6, $7)`,
    [
      tenantId,
      runId,
      environmentId,
      pipelineId,
      versionId,
      options.params ?? '{}',
      JSON.stringify({ default: { poolId, taskQueue, size: 's' } }),
    ],
  );
  for (const task of tasks) {
    await run(
      `insert into task_instances (tenant_id, run_id, task_id, map_index, state, pool_id, queued_at)
       values ($1, $2, $3, -1, 'queued', $4, now())`,
      [tenantId, runId, task.id, poolId],
    );
  }
  return { runId, pipelineId, versionId, plan };
}

/** Registers a runner of the pool, as the pool controller does. */
export async function seedRunner(
  superuserUrl: string,
  organization: SeededOrganization,
  credential = 'credential',
): Promise<RunnerId> {
  const runnerId = newId('runner');
  await asSuper(
    superuserUrl,
    `insert into runners (tenant_id, id, pool_id, state, tier, slots, host, version, credential_hash)
     values ($1, $2, $3, 'starting', 'none', 4, 'test', '0', $4)`,
    [organization.tenantId, runnerId, organization.poolId, createHash('sha256').update(credential).digest()],
  );
  return runnerId;
}
