import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { TenantDatabase, TenantTransaction } from '@millrace/database';
import { DomainError, type TenantId } from '@millrace/kernel';
import { Redactor } from '@millrace/redaction';
import { type AttemptWork, type BeginAttempt, grantHash, type PinnedVersion } from '@millrace/runs';
import type { ConnectedRunner } from './identity.js';

/** What the gateway keeps of a live attempt. All of it can be made again from the database. */
export interface LiveAttempt {
  readonly tenantId: TenantId;
  readonly runId: string;
  readonly attemptId: string;
  readonly fence: number;
  readonly runnerId: string;
  readonly grantHash: Buffer;
  /** Takes the attempt's secrets out of whatever it writes. */
  readonly redactor: Redactor;
  /** Objects that the attempt may read. */
  readonly readable: ReadonlySet<string>;
}

/** A build of dependencies under way on a connection: it reads one bundle and writes one result. */
export interface LiveBuild {
  readonly grantHash: Buffer;
  readonly readable: ReadonlySet<string>;
}

export interface LeasedWork {
  readonly runId: string;
  readonly lease: { readonly attemptId: string; readonly fence: number; readonly grant: string };
  readonly version: PinnedVersion;
  readonly work: AttemptWork;
}

/** The secret values of an attempt: what is declared, and the passwords of its connections. */
export function secretsOf(work: AttemptWork): string[] {
  const passwords = work.connections.flatMap(({ password }) => (password === undefined ? [] : [password]));
  return [...Object.values(work.secrets), ...passwords];
}

/** The handles of one connection. They open what their attempt may see, as long as it is live. */
export class AttemptGrants {
  private readonly attempts = new Map<string, LiveAttempt>();
  private readonly restoring = new Map<string, Promise<LiveAttempt | undefined>>();
  private readonly builds = new Map<string, LiveBuild>();

  constructor(
    private readonly runner: ConnectedRunner,
    private readonly tenants: TenantDatabase,
    private readonly begin: BeginAttempt,
  ) {}

  /** Attempts that are live on this connection. */
  live(): readonly LiveAttempt[] {
    return [...this.attempts.values()];
  }

  keep({ runId, lease, version, work }: LeasedWork): void {
    this.attempts.set(
      lease.attemptId,
      this.liveAttempt(runId, lease.attemptId, lease.fence, grantHash(lease.grant), version, work),
    );
  }

  forget(attemptId: string): void {
    this.attempts.delete(attemptId);
  }

  /**
   * The attempt as the gateway knows it; after a restart of the gateway it is made again from the database. `undefined`
   * where this runner holds no such lease (any more).
   */
  async find(ref: { readonly runId: string; readonly attemptId: string }): Promise<LiveAttempt | undefined> {
    const known = this.attempts.get(ref.attemptId);
    if (known !== undefined) return known.runId === ref.runId ? known : undefined;
    let restoring = this.restoring.get(ref.attemptId);
    if (restoring === undefined) {
      restoring = this.restore(ref.attemptId).finally(() => this.restoring.delete(ref.attemptId));
      this.restoring.set(ref.attemptId, restoring);
    }
    const restored = await restoring;
    if (restored !== undefined) this.attempts.set(ref.attemptId, restored);
    return restored?.runId === ref.runId ? restored : undefined;
  }

  openBuild(bundleDigest: string): string {
    const grant = `build.${randomBytes(24).toString('base64url')}`;
    const hash = createHash('sha256').update(grant).digest();
    this.builds.set(hash.toString('hex'), { grantHash: hash, readable: new Set([bundleDigest]) });
    return grant;
  }

  /** What the handle opens. @throws DomainError `grant.unknown` where it opens nothing (any more). */
  async open(grant: string): Promise<{ readonly readable: ReadonlySet<string>; readonly build: boolean }> {
    const hash = createHash('sha256').update(grant).digest();
    const build = this.builds.get(hash.toString('hex'));
    if (build !== undefined) return { readable: build.readable, build: true };
    const attemptId = grant.slice(0, grant.indexOf('.'));
    const attempt = this.attempts.get(attemptId) ?? (await this.findById(attemptId));
    if (attempt === undefined || !timingSafeEqual(attempt.grantHash, hash)) {
      throw new DomainError('unauthenticated', 'grant.unknown', 'the handle is not (or no longer) good for anything');
    }
    return { readable: attempt.readable, build: false };
  }

  private async findById(attemptId: string): Promise<LiveAttempt | undefined> {
    const restored = await this.restore(attemptId);
    if (restored !== undefined) this.attempts.set(attemptId, restored);
    return restored;
  }

  private async restore(attemptId: string): Promise<LiveAttempt | undefined> {
    const { tenantId, runnerId } = this.runner;
    return this.tenants.transaction(tenantId, async (tx) => {
      const [row] = await tx.query<{
        run_id: string;
        task_id: string;
        map_index: number;
        fence: number;
        grant_hash: Buffer | null;
      }>(
        `select run_id, task_id, map_index, fence, grant_hash from attempts
         where tenant_id = $1 and id = $2 and runner_id = $3 and state = 'leased'`,
        [tenantId, attemptId, runnerId],
      );
      if (row?.grant_hash == null) return undefined;
      const { work, version } = await this.workAgain(tx, attemptId, row);
      return this.liveAttempt(row.run_id, attemptId, row.fence, row.grant_hash, version, work);
    });
  }

  private async workAgain(
    tx: TenantTransaction,
    attemptId: string,
    row: { readonly run_id: string; readonly task_id: string; readonly map_index: number },
  ): Promise<{ readonly work: AttemptWork; readonly version: PinnedVersion }> {
    // The attempt's reads of secrets are on the trail since it began; the gateway's own are no reads of the tenant's code.
    await tx.query('savepoint work_again');
    const made = await this.begin.workOf(tx, {
      runId: row.run_id,
      taskId: row.task_id,
      mapIndex: row.map_index,
      attemptId,
    });
    await tx.query('rollback to savepoint work_again');
    return made;
  }

  private liveAttempt(
    runId: string,
    attemptId: string,
    fence: number,
    hash: Buffer,
    { spec }: PinnedVersion,
    work: AttemptWork,
  ): LiveAttempt {
    const { npm, pip } = spec.dependencies;
    const digests = [spec.bundleDigest, npm, pip, work.inputDigest].filter((digest) => digest !== undefined);
    return {
      tenantId: this.runner.tenantId,
      runId,
      attemptId,
      fence,
      runnerId: this.runner.runnerId,
      grantHash: hash,
      redactor: new Redactor(secretsOf(work)),
      readable: new Set(digests),
    };
  }
}
