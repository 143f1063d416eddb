import type { BuildDependencies } from '@millrace/contracts';
import { channels, type ControlTransaction, type TenantTransaction } from '@millrace/database';
import { type DeploymentId, DomainError, type EnvironmentId, type TenantId } from '@millrace/kernel';
import { recordAudit } from '@millrace/tenancy';
import type { DependencyKind, DependencySet } from '../dependencies.js';
import type { DeploymentFailure, DeploymentState, PendingVersions } from '../deployment.js';
import type { BuiltDependency } from '../version-digest.js';
import { describeVersions } from './describe-versions.js';
import { publishVersions } from './publish-versions.js';

/** Kept of one build's log. */
const maxLogBytes = 1024 * 1024;

interface DeploymentRow {
  id: DeploymentId;
  environment_id: EnvironmentId;
  bundle_digest: string;
  state: DeploymentState;
  dependencies: DependencySet[];
  pending: string | null;
  activate: boolean;
  created_by: string;
}

interface SetRow {
  digest: string;
  kind: DependencyKind;
  state: 'building' | 'ready' | 'failed';
  object_digest: string | null;
  lock_text: string | null;
  log: string | null;
}

async function readDeployment(tx: TenantTransaction, id: DeploymentId, lock: boolean): Promise<DeploymentRow> {
  const [row] = await tx.query<DeploymentRow>(
    `select id, environment_id, bundle_digest, state, dependencies, pending, activate, created_by
     from deployments where tenant_id = $1 and id = $2 ${lock ? 'for update' : ''}`,
    [tx.tenantId, id],
  );
  if (row === undefined) throw new DomainError('not_found', 'deployment.not_found', `there is no deployment ${id}`);
  return row;
}

function readSets(tx: TenantTransaction, sets: readonly DependencySet[]): Promise<SetRow[]> {
  return tx.query<SetRow>(
    `select digest, kind, state, object_digest, lock_text, log from dependency_sets
     where tenant_id = $1 and digest = any($2) order by kind`,
    [tx.tenantId, sets.map(({ inputDigest }) => inputDigest)],
  );
}

/** The builds that the deployment still waits for; empty where it has ended. */
export async function loadBuild(tx: TenantTransaction, deploymentId: DeploymentId): Promise<BuildDependencies[]> {
  const deployment = await readDeployment(tx, deploymentId, false);
  if (deployment.state !== 'building') return [];
  const sets = await readSets(tx, deployment.dependencies);
  return sets
    .filter(({ state }) => state === 'building')
    .map(({ kind, digest }) => ({
      tenantId: tx.tenantId,
      deploymentId,
      kind,
      bundleDigest: deployment.bundle_digest,
      inputDigest: digest,
    }));
}

/** How a build ended, with its texts. */
export interface BuildEnd {
  readonly ok: boolean;
  readonly objectDigest?: string;
  readonly sizeBytes?: number;
  readonly lockText?: string;
  readonly log: string;
}

/** Notes how a build ended. A set that is ready stays ready: another deployment may have built the same meanwhile. */
export async function recordBuild(tx: TenantTransaction, build: BuildDependencies, outcome: BuildEnd): Promise<void> {
  const ok = outcome.ok && outcome.objectDigest !== undefined;
  const log = ok || outcome.log !== '' ? outcome.log : 'the build ended without a result\n';
  await tx.query(
    `update dependency_sets set state = $3, object_digest = $4, size_bytes = $5, lock_text = $6, log = $7, ended_at = now()
     where tenant_id = $1 and digest = $2 and state <> 'ready'`,
    [
      tx.tenantId,
      build.inputDigest,
      ok ? 'ready' : 'failed',
      ok ? outcome.objectDigest : null,
      ok ? (outcome.sizeBytes ?? null) : null,
      ok ? (outcome.lockText ?? null) : null,
      // NUL cannot be stored, and a build may print anything.
      log.slice(-maxLogBytes).replaceAll('\0', '\ufffd'),
    ],
  );
}

/** `reason`: the build could not even be tried; fails the deployment whatever its sets say. */
export interface FinishOptions {
  readonly reason?: string;
}

/**
 * Ends a deployment whose builds have ended: versions are made and activated when all builds are good, otherwise it
 * fails and nothing changes. Repeats are harmless. Gives `building` where a build is still missing.
 */
export async function finishDeployment(
  tx: TenantTransaction,
  deploymentId: DeploymentId,
  { reason }: FinishOptions = {},
): Promise<DeploymentState> {
  const deployment = await readDeployment(tx, deploymentId, true);
  if (deployment.state !== 'building') return deployment.state;
  const sets = await readSets(tx, deployment.dependencies);
  const log = sets.map(({ kind, state, log: text }) => `# ${kind}: ${state}\n${text ?? ''}`).join('\n');
  const failed = sets.filter(({ state }) => state === 'failed');
  if (reason !== undefined || failed.length > 0) {
    return fail(tx, deployment, failureOf(failed, reason), log);
  }
  const built = sets.flatMap(toBuilt);
  if (built.length < deployment.dependencies.length || deployment.pending === null) return 'building';
  const versions = await publishVersions(
    tx,
    {
      environmentId: deployment.environment_id,
      deploymentId,
      bundleDigest: deployment.bundle_digest,
      dependencies: built,
      activate: deployment.activate,
    },
    JSON.parse(deployment.pending) as PendingVersions,
  );
  await tx.query(
    `update deployments set state = 'ready', versions = $3::jsonb, log = $4, pending = null, ended_at = now()
     where tenant_id = $1 and id = $2`,
    [tx.tenantId, deploymentId, JSON.stringify(versions), `${log}\n${describeVersions(versions)}`],
  );
  await announce(tx, deployment, 'deployment.finished');
  return 'ready';
}

function toBuilt(set: SetRow): BuiltDependency[] {
  if (set.state !== 'ready' || set.object_digest === null) return [];
  return [{ kind: set.kind, inputDigest: set.digest, objectDigest: set.object_digest, lockText: set.lock_text }];
}

function failureOf(failed: readonly SetRow[], reason: string | undefined): DeploymentFailure {
  const kinds = failed.map(({ kind }) => kind).join(' and ');
  const message = reason ?? `the ${kinds} dependencies could not be built; the log says why`;
  return {
    code: 'deployment.build_failed',
    message,
    details: failed.map(({ kind, log }) => ({
      code: 'deployment.build_failed',
      message: lastLine(log) ?? `the ${kind} build failed`,
      file: kind === 'npm' ? 'package.json' : 'requirements.txt',
    })),
  };
}

function lastLine(log: string | null): string | undefined {
  const lines = (log ?? '').split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '')
    .at(-1)
    ?.slice(0, 500);
}

async function fail(
  tx: TenantTransaction,
  deployment: DeploymentRow,
  failure: DeploymentFailure,
  log: string,
): Promise<'failed'> {
  await tx.query(
    `update deployments set state = 'failed', error = $3::jsonb, log = $4, pending = null, ended_at = now()
     where tenant_id = $1 and id = $2`,
    [tx.tenantId, deployment.id, JSON.stringify(failure), log],
  );
  await announce(tx, deployment, 'deployment.failed');
  return 'failed';
}

async function announce(tx: TenantTransaction, deployment: DeploymentRow, action: string): Promise<void> {
  await recordAudit(tx, { tenantId: tx.tenantId, actor: 'system', action, target: deployment.id });
  await tx.query(`select pg_notify($1, $2)`, [channels.deployments, deployment.id]);
}

/** A deployment of any tenant that still builds, with no start of its build owed. */
export interface OpenBuild {
  readonly tenantId: TenantId;
  readonly deploymentId: DeploymentId;
  /** True after a day: a build that is lost again and again must end somewhere. */
  readonly old: boolean;
}

/** Deployments of all tenants that should have a build workflow, oldest first. */
export async function listOpenBuilds(tx: ControlTransaction, limit: number): Promise<readonly OpenBuild[]> {
  const rows = await tx.query<{ tenant_id: TenantId; id: DeploymentId; old: boolean }>(
    `select d.tenant_id, d.id, d.created_at < now() - interval '1 day' as old from deployments d
     where d.state = 'building' and not exists (
       select from outbox o where o.tenant_id = d.tenant_id and o.subject = d.id and o.kind = 'build')
     order by d.created_at limit $1`,
    [limit],
  );
  return rows.map((row) => ({ tenantId: row.tenant_id, deploymentId: row.id, old: row.old }));
}

/** Owes Temporal the build once more, because its workflow is gone. False where the deployment has ended meanwhile. */
export async function restartBuild(tx: TenantTransaction, deploymentId: DeploymentId): Promise<boolean> {
  const deployment = await readDeployment(tx, deploymentId, true);
  if (deployment.state !== 'building') return false;
  await oweBuild(tx, deploymentId);
  return true;
}

/** Fails a deployment whose build was ended without a result. */
export async function failBuild(tx: TenantTransaction, deploymentId: DeploymentId): Promise<void> {
  await finishDeployment(tx, deploymentId, {
    reason: 'the build was ended before it had a result; deploy again to repeat it',
  });
}

/** The build is owed to Temporal from the same transaction on. */
export async function oweBuild(tx: TenantTransaction, deploymentId: DeploymentId): Promise<void> {
  await tx.query(
    `insert into outbox (tenant_id, kind, subject, payload) select $1, 'build', $2, jsonb_build_object('deploymentId', $2::text)
     where not exists (select from outbox where tenant_id = $1 and subject = $2 and kind = 'build')`,
    [tx.tenantId, deploymentId],
  );
  tx.notify(channels.outbox, deploymentId);
}
