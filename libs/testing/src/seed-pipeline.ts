import { createHash } from 'node:crypto';
import type { PlanTask, RunPlan, TaskSpec, VersionSpec } from '@millrace/contracts';
import { newId, type PipelineId, type VersionId } from '@millrace/kernel';
import { asSuper, type SeededOrganization } from './seed.js';

/** One task of a seeded pipeline: everything but its id has a plain default. */
export interface PipelineTask {
  readonly id: string;
  readonly plan?: Partial<PlanTask>;
  readonly spec?: Partial<TaskSpec>;
}

export interface SeedPipelineOptions {
  readonly name?: string;
  readonly tasks?: readonly PipelineTask[];
  readonly maxParallel?: number;
  /** JSON Schema of the params. */
  readonly params?: unknown;
  readonly concurrency?: VersionSpec['concurrency'];
}

export interface SeededPipeline {
  readonly pipelineId: PipelineId;
  readonly versionId: VersionId;
  readonly name: string;
  readonly plan: RunPlan;
}

function planTask({ id, plan = {} }: PipelineTask): PlanTask {
  return {
    id,
    kind: 'attempt',
    needs: [],
    trigger: 'all_success',
    conditional: false,
    retry: { maxAttempts: 1, delayMs: 0, factor: 1, maxDelayMs: 0, jitter: 'none' },
    timeoutMs: 60_000,
    pool: 'default',
    ...plan,
  };
}

function taskSpec({ id, spec = {} }: PipelineTask): TaskSpec {
  return {
    id,
    type: 'shell',
    config: { script: 'true' },
    secrets: [],
    connections: [],
    variables: [],
    timeoutMs: 60_000,
    maxAttempts: 1,
    ...spec,
  };
}

/** Makes a pipeline in the organization's environment with one version, which is active. */
export async function seedPipeline(
  superuserUrl: string,
  { tenantId, environmentId }: SeededOrganization,
  options: SeedPipelineOptions = {},
): Promise<SeededPipeline> {
  const [pipelineId, versionId] = [newId('pipeline'), newId('version')];
  const name = options.name ?? pipelineId.toLowerCase().replace('_', '-');
  const tasks = options.tasks ?? [{ id: 'a' }];
  const bundleDigest = `sha256:${createHash('sha256').update(pipelineId).digest('hex')}`;
  const plan: RunPlan = {
    format: 1,
    pipeline: name,
    tasks: tasks.map(planTask),
    maxParallel: options.maxParallel ?? 100,
  };
  const spec: VersionSpec = {
    format: 1,
    pipeline: name,
    params: options.params ?? { type: 'object' },
    ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
    tasks: Object.fromEntries(tasks.map((task) => [task.id, taskSpec(task)])),
    bundleDigest,
    dependencies: {},
  };
  await asSuper(superuserUrl, `insert into bundles (tenant_id, digest, size_bytes, file_count) values ($1, $2, 0, 0)`, [
    tenantId,
    bundleDigest,
  ]);
  await asSuper(superuserUrl, 'insert into pipelines (tenant_id, id, environment_id, name) values ($1, $2, $3, $4)', [
    tenantId,
    pipelineId,
    environmentId,
    name,
  ]);
  await asSuper(
    superuserUrl,
    `insert into pipeline_versions (tenant_id, id, pipeline_id, number, digest, bundle_digest, deployment_id, plan, spec)
     values ($1, $2, $3, 1, $2, $4, $5, $6, $7)`,
    [tenantId, versionId, pipelineId, bundleDigest, newId('deployment'), JSON.stringify(plan), JSON.stringify(spec)],
  );
  await asSuper(superuserUrl, 'update pipelines set active_version_id = $3 where tenant_id = $1 and id = $2', [
    tenantId,
    pipelineId,
    versionId,
  ]);
  return { pipelineId, versionId, name, plan };
}
