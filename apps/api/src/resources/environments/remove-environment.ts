import type { TenantTransaction } from '@millrace/database';
import { DomainError, type ErrorDetail } from '@millrace/kernel';
import { type Actor, defaultEnvironment, type EnvironmentRef, recordAudit } from '@millrace/tenancy';

interface InTheWay {
  readonly runs: readonly string[];
  readonly keys: readonly string[];
  readonly deployments: readonly string[];
  readonly runners: readonly string[];
}

/** Named in the refusal; the count tells of the rest. */
const named = 5;

const obstacles: Readonly<Record<keyof InTheWay, { readonly what: string; readonly hint: string }>> = {
  runs: { what: 'runs that have not ended', hint: 'let them end, or cancel them' },
  keys: { what: 'API keys that are bound to it', hint: 'revoke them' },
  deployments: { what: 'deployments that are being built', hint: 'let them end' },
  runners: { what: 'runners that are up', hint: 'they leave when they have been idle for idleSeconds of their pool' },
};

/**
 * Deletes an environment that nothing uses any more: its pools, connections, variables and webhooks, and what its secrets
 * held. Its runs, its usage and its audit trail stay, and so does its row, which they name; its slug is free again.
 * @throws DomainError `environment.is_default`, `environment.in_use` with everything that is in the way
 */
export async function removeEnvironment(
  tx: TenantTransaction,
  actor: Actor,
  environment: EnvironmentRef,
): Promise<void> {
  if (environment.slug === defaultEnvironment) {
    throw new DomainError(
      'conflict',
      'environment.is_default',
      `every organization keeps its environment ${defaultEnvironment}`,
    );
  }
  const place = [tx.tenantId, environment.id];
  await tx.query(`select from environments where tenant_id = $1 and id = $2 for update`, place);
  // Whoever starts a run or registers a runner holds the pools: it is either seen below, or finds no pool any more.
  await tx.query(`select from pools where tenant_id = $1 and environment_id = $2 order by id for update`, place);
  refuseUsed(await readObstacles(tx, environment));
  for (const statement of [
    `delete from pools where tenant_id = $1 and environment_id = $2`,
    `delete from connections where tenant_id = $1 and environment_id = $2`,
    `delete from variables where tenant_id = $1 and environment_id = $2`,
    `delete from webhooks where tenant_id = $1 and environment_id = $2`,
    `update secrets set deleted_at = now(), nonce = '', ciphertext = '', auth_tag = ''
      where tenant_id = $1 and environment_id = $2 and deleted_at is null`,
    `update environments set deleted_at = now() where tenant_id = $1 and id = $2`,
  ]) {
    await tx.query(statement, place);
  }
  await recordAudit(tx, {
    ...actor,
    action: 'environment.deleted',
    target: environment.id,
    detail: { slug: environment.slug },
  });
}

async function readObstacles(tx: TenantTransaction, environment: EnvironmentRef): Promise<InTheWay> {
  const [row] = await tx.query<InTheWay>(
    `select
       array(select id from runs where tenant_id = $1 and environment_id = $2 and state in ('queued', 'running')
             order by id) as runs,
       array(select name from api_keys where tenant_id = $1 and environment_id = $2 and revoked_at is null
               and (expires_at is null or expires_at > now()) order by name) as keys,
       array(select id from deployments where tenant_id = $1 and environment_id = $2 and state = 'building'
             order by id) as deployments,
       array(select r.id from runners r join pools p on p.tenant_id = $1 and p.id = r.pool_id
             where r.tenant_id = $1 and p.environment_id = $2 and r.state <> 'ended' order by r.id) as runners`,
    [tx.tenantId, environment.id],
  );
  if (row === undefined) throw new Error('a select without from gave no row');
  return row;
}

function refuseUsed(found: InTheWay): void {
  const details = (Object.keys(obstacles) as (keyof InTheWay)[])
    .filter((kind) => found[kind].length > 0)
    .map((kind): ErrorDetail => {
      const names = found[kind].slice(0, named).join(', ') + (found[kind].length > named ? ', …' : '');
      return {
        code: `environment.has_${kind}`,
        message: `${found[kind].length} ${obstacles[kind].what}: ${names}`,
        hint: obstacles[kind].hint,
      };
    });
  if (details.length === 0) return;
  throw new DomainError(
    'conflict',
    'environment.in_use',
    `the environment is in use, and nothing of it has been deleted: ${details.map(({ message }) => message).join('; ')}`,
    {
      details,
      facts: {
        runs: found.runs.length,
        keys: found.keys.length,
        deployments: found.deployments.length,
        runners: found.runners.length,
      },
    },
  );
}
