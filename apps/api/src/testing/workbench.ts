import type { AttemptEnd, LogLine } from '@millrace/contracts/wire';
import { TenantDatabase, type TenantTransaction } from '@millrace/database';
import type { EnvironmentId, RunnerId } from '@millrace/kernel';
import { type ObjectStore, openObjectStore } from '@millrace/object-store';
import { VersionCache } from '@millrace/pipelines';
import {
  AddArtifact,
  AppendLog,
  BeginAttempt,
  EndAttempt,
  PgAttemptWork,
  SettleStretch,
  type TenantValues,
} from '@millrace/runs';
import { createApiKey, type Scope } from '@millrace/tenancy';
import {
  type SeededOrganization,
  type SeededRun,
  type SeededTask,
  seedOrganization,
  seedRun,
  seedRunner,
  type TestDatabase,
} from '@millrace/testing';
import request from 'supertest';
import type { RunningApi } from './start-api.js';

const noValues: TenantValues = {
  secrets: () => Promise.resolve({}),
  connections: () => Promise.resolve([]),
  variables: () => Promise.resolve({}),
};

/** An attempt that a spec holds. */
export interface HeldAttempt {
  readonly runId: string;
  readonly attemptId: string;
  readonly fence: number;
  readonly runnerId: string;
}

/** An organization with a runner, whose attempts a spec begins and ends the way the gateway does. */
export class Workbench {
  private readonly versions = new VersionCache();

  private constructor(
    private readonly api: RunningApi,
    private readonly database: TestDatabase,
    readonly organization: SeededOrganization,
    readonly runnerId: RunnerId,
    readonly objects: ObjectStore,
    /** API key that may do everything. */
    readonly key: string,
  ) {}

  static async open(api: RunningApi, database: TestDatabase): Promise<Workbench> {
    const organization = await seedOrganization(database.superuserUrl);
    const runnerId = await seedRunner(database.superuserUrl, organization);
    const objects = await openObjectStore(api.config.objectStore);
    const key = await makeKey(api, organization, ['read', 'run', 'deploy', 'manage']);
    return new Workbench(api, database, organization, runnerId, objects, key);
  }

  keyOf(scopes: readonly Scope[], environmentId?: EnvironmentId): Promise<string> {
    return makeKey(this.api, this.organization, scopes, environmentId);
  }

  call(method: 'get' | 'head' | 'post' | 'patch' | 'delete', path: string, key = this.key): request.Test {
    return request(this.api.server)[method](path).auth(key, { type: 'bearer' });
  }

  run(...tasks: readonly SeededTask[]): Promise<SeededRun> {
    return seedRun(this.database.superuserUrl, this.organization, tasks.length === 0 ? {} : { tasks });
  }

  async begin(run: SeededRun, { taskId = 'a', mapIndex = -1, dispatch = 1, tried = 1 } = {}): Promise<HeldAttempt> {
    const { runId } = run;
    const runner = { runnerId: this.runnerId, poolId: this.organization.poolId, tier: 'none' };
    const begin = new BeginAttempt(this.versions, new PgAttemptWork(this.objects, noValues, () => []));
    const result = await this.transaction((tx) =>
      begin.execute(tx, { runner, runId, taskId, mapIndex, dispatch, try: tried }),
    );
    if (result.outcome !== 'leased') throw new Error(`expected a lease, got ${JSON.stringify(result)}`);
    const { attemptId, fence } = result.lease;
    return { runId, attemptId, fence, runnerId: this.runnerId };
  }

  /** Adds lines `from` to `to` in one chunk. */
  async log(attempt: HeldAttempt, from: number, to: number, text = (seq: number) => `line ${seq}`): Promise<void> {
    const lines = Array.from({ length: to - from + 1 }, (_, index): LogLine => {
      const seq = from + index;
      return { seq, at: Date.UTC(2026, 10, 24) + seq, stream: seq % 2 === 0 ? 'stderr' : 'stdout', text: text(seq) };
    });
    const append = new AppendLog(this.objects);
    const chunk = await append.prepare(this.organization.tenantId, lines);
    await this.transaction((tx) => append.execute(tx, attempt, chunk));
  }

  async artifact(attempt: HeldAttempt, name: string, contentType: string, bytes: Buffer): Promise<string> {
    const { digest } = await this.objects.put(this.organization.tenantId, bytes);
    const add = new AddArtifact(this.objects);
    const artifact = { ...attempt, name, contentType, sizeBytes: bytes.length, digest };
    await this.transaction((tx) => add.execute(tx, artifact));
    return digest;
  }

  async end(attempt: HeldAttempt, state: 'succeeded' | 'failed', extra: Partial<AttemptEnd> = {}): Promise<void> {
    const now = Date.now();
    const end: AttemptEnd = {
      state,
      retryable: state === 'failed',
      ...(state === 'succeeded' ? { output: '1' } : {}),
      startedAtMs: now,
      endedAtMs: now,
      wallMs: 20,
      cpuMs: 5,
      peakRssBytes: 1,
      lastLogSeq: 0,
      ...extra,
    };
    await this.transaction((tx) => new EndAttempt().execute(tx, { ...attempt, end }));
  }

  /** Gives the dispatch up, as the run does whose runner died. */
  async lose(attempt: HeldAttempt, { taskId = 'a', mapIndex = -1, dispatch = 1 } = {}): Promise<void> {
    const settle = new SettleStretch(this.versions);
    const heads = [{ taskId, mapIndex, dispatch, try: 1 }];
    const stretch = { runId: attempt.runId, heads, fused: false, firstDispatch: 1 };
    await this.transaction((tx) => settle.execute(tx, stretch));
  }

  transaction<T>(work: (tx: TenantTransaction) => Promise<T>): Promise<T> {
    return this.api.app.get(TenantDatabase).transaction(this.organization.tenantId, work);
  }
}

function makeKey(
  api: RunningApi,
  { tenantId }: SeededOrganization,
  scopes: readonly Scope[],
  environmentId?: EnvironmentId,
): Promise<string> {
  return api.app.get(TenantDatabase).transaction(tenantId, async (tx) => {
    const granter = { tenantId, actor: 'usr_spec', requestId: 'req_spec', scopes };
    return (await createApiKey(tx, granter, { name: 'spec', scopes, environmentId, expiresAt: undefined })).key;
  });
}
