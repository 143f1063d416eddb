import { createHash, timingSafeEqual } from 'node:crypto';
import { type RunnerFrame, wireProtocol } from '@millrace/contracts/wire';
import type { ControlDatabase, ControlTransaction } from '@millrace/database';
import { DomainError, type TenantId } from '@millrace/kernel';

export type HelloFrame = Extract<RunnerFrame, { type: 'hello' }>;

/** Who is at the other end of a connection: what the platform registered, never what the peer says. */
export interface ConnectedRunner {
  readonly tenantId: TenantId;
  readonly runnerId: string;
  readonly poolId: string;
  readonly environmentId: string;
  readonly tier: string;
  /** Its process, as it says itself. */
  readonly pid: number;
  /** The moment of this connection, as the database writes it: tells it from a later one. */
  readonly connectedAt: string;
}

export interface IsolationRule {
  readonly production: boolean;
  /** The operator accepts that tasks of several organizations run without a sandbox. */
  readonly allowNoIsolation: boolean;
}

interface RunnerRow {
  tenant_id: TenantId;
  pool_id: string;
  state: string;
  credential_hash: Buffer;
  environment_id: string;
  min_tier: string | null;
  organization: string;
}

const tiers = ['none', 'restricted', 'standard', 'strong'];

/** Organizations whose tasks are ours: they do not count when it is asked whether strangers share the machine. */
export function isSampleOrganization(slug: string): boolean {
  return slug === 'sample' || slug.startsWith('sample-') || slug.startsWith('test-');
}

/** Checks a `hello` and registers the connection. @throws DomainError where it is refused. */
export class Handshake {
  constructor(
    private readonly control: ControlDatabase,
    private readonly isolation: IsolationRule,
  ) {}

  admit(hello: HelloFrame): Promise<ConnectedRunner> {
    if (hello.protocol !== wireProtocol) {
      throw new DomainError(
        'invalid',
        'hello.protocol',
        `this gateway speaks protocol ${wireProtocol}, not ${hello.protocol}`,
      );
    }
    return this.control.transaction(async (tx) => {
      const row = await this.find(tx, hello);
      await this.checkTier(tx, row, hello.tier);
      const [connected] = await tx.query<{ at: string }>(
        `update runners set state = case when state = 'draining' then state else 'ready' end, tier = $3, host = $4,
           pid = $5, uid = $6, connected_at = clock_timestamp()
         where tenant_id = $1 and id = $2 and state <> 'ended' returning connected_at::text as at`,
        [row.tenant_id, hello.runnerId, hello.tier, hello.host, hello.pid, hello.uid],
      );
      if (connected === undefined) throw ended();
      return {
        tenantId: row.tenant_id,
        runnerId: hello.runnerId,
        poolId: row.pool_id,
        environmentId: row.environment_id,
        tier: hello.tier,
        pid: hello.pid,
        connectedAt: connected.at,
      };
    });
  }

  private async find(tx: ControlTransaction, hello: HelloFrame): Promise<RunnerRow> {
    const [row] = await tx.query<RunnerRow>(
      `select r.tenant_id, r.pool_id, r.state, r.credential_hash, p.environment_id, p.min_tier, o.slug as organization
       from runners r join pools p on p.tenant_id = r.tenant_id and p.id = r.pool_id
       join organizations o on o.id = r.tenant_id
       where r.id = $1`,
      [hello.runnerId],
    );
    const hash = createHash('sha256').update(hello.credential).digest();
    // One answer for an unknown runner, another pool and a wrong credential.
    if (row?.pool_id !== hello.poolId || !timingSafeEqual(hash, row.credential_hash)) {
      throw new DomainError('unauthenticated', 'hello.refused', 'the runner is not known or its credential is wrong');
    }
    if (row.state === 'ended') throw ended();
    return row;
  }

  private async checkTier(tx: ControlTransaction, row: RunnerRow, tier: string): Promise<void> {
    if (row.min_tier !== null && tiers.indexOf(tier) < tiers.indexOf(row.min_tier)) {
      throw new DomainError(
        'forbidden',
        'hello.tier_too_low',
        `the pool demands isolation of tier ${row.min_tier}; this machine offers ${tier}`,
      );
    }
    if (tier !== 'none' || this.isolation.allowNoIsolation) return;
    if (this.isolation.production) {
      throw new DomainError(
        'forbidden',
        'hello.no_isolation',
        'tasks do not run without a sandbox in production; install bubblewrap, or set MILLRACE_ALLOW_NO_ISOLATION=1',
      );
    }
    if (isSampleOrganization(row.organization)) return;
    const others = await tx.query<{ slug: string }>(
      `select distinct o.slug from runners r join organizations o on o.id = r.tenant_id
       where r.tier = 'none' and r.connected_at is not null and r.tenant_id <> $1`,
      [row.tenant_id],
    );
    if (others.every(({ slug }) => isSampleOrganization(slug))) return;
    throw new DomainError(
      'forbidden',
      'hello.no_isolation',
      'this machine offers no sandbox, and another organization runs its tasks on it; install bubblewrap, or set MILLRACE_ALLOW_NO_ISOLATION=1',
    );
  }
}

function ended(): DomainError {
  return new DomainError('conflict', 'hello.ended', 'the platform has given this runner up; its attempts are settled');
}
