import { newId } from '@millrace/kernel';
import { asSuper, type TestDatabase, testDatabase } from '@millrace/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningApi, startApi } from '../../testing/start-api.js';
import { Workbench } from '../../testing/workbench.js';

interface PoolView {
  readonly id: string;
  readonly name: string;
  readonly slotsInUse: number;
}

describe('pools over HTTP', () => {
  let database: TestDatabase;
  let api: RunningApi;
  let bench: Workbench;

  beforeAll(async () => {
    database = await testDatabase();
    api = await startApi(database);
  });
  beforeEach(async () => {
    bench = await Workbench.open(api, database);
  });
  afterAll(async () => {
    await api.close();
    await database.drop();
  });

  const sql = (text: string, ...parameters: unknown[]) =>
    asSuper(database.superuserUrl, text, [bench.organization.tenantId, ...parameters]);

  async function create(body: object): Promise<PoolView> {
    const response = await bench.call('post', '/v1/pools').send(body);
    expect(response.status, response.text).toBe(201);
    return response.body as PoolView;
  }

  it('shows what a pool is set to and what goes on in it', async () => {
    const run = await bench.run({ id: 'a' }, { id: 'b' }, { id: 'c' });
    const attempt = await bench.begin(run);
    await sql(`update task_instances set state = 'running' where tenant_id = $1 and task_id = 'a'`);
    await sql(`update runners set state = 'ready' where tenant_id = $1`);

    const list = await bench.call('get', '/v1/pools');

    expect(list.status, list.text).toBe(200);
    expect(list.body).toMatchObject({
      data: [
        {
          id: bench.organization.poolId,
          name: 'default',
          environment: 'production',
          size: 's',
          slotsPerRunner: 4,
          maxRunners: 2,
          idleSeconds: 60,
          sandboxMode: 'run',
          minTier: null,
          runners: { ready: 1, starting: 0, draining: 0 },
          slotsInUse: 1,
          slotsLeaked: 0,
          queued: 2,
        },
      ],
      nextCursor: null,
    });
    await bench.end(attempt, 'succeeded');
    expect((await bench.call('get', '/v1/pools/default')).body).toMatchObject({ slotsInUse: 0, slotsLeaked: 0 });
  });

  it('counts a slot whose attempt is over as leaked', async () => {
    const attempt = await bench.begin(await bench.run());
    await sql(
      `update attempts set state = 'lost', ended_at = now() where tenant_id = $1 and id = $2`,
      attempt.attemptId,
    );

    const pool = await bench.call('get', `/v1/pools/${bench.organization.poolId}`);

    expect(pool.body).toMatchObject({ slotsInUse: 1, slotsLeaked: 1 });
  });

  it('lists pools page by page, in order of names', async () => {
    for (const name of ['big', 'small']) await create({ name });

    const first = await bench.call('get', '/v1/pools?limit=2');
    const { data, nextCursor } = first.body as { data: PoolView[]; nextCursor: string };
    const second = await bench.call('get', `/v1/pools?limit=2&cursor=${nextCursor}`);

    expect(data.map(({ name }) => name)).toEqual(['big', 'default']);
    expect(second.body).toMatchObject({ data: [{ name: 'small' }], nextCursor: null });
  });

  it('creates, changes and deletes a pool, each with its audit row', async () => {
    const made = await create({ name: 'big', size: 'm', maxRunners: 5, minTier: 'standard' });
    expect(made).toMatchObject({ size: 'm', maxRunners: 5, slotsPerRunner: 4, minTier: 'standard', queued: 0 });
    expect(made).toMatchObject({ sandboxMode: 'run' });

    const changed = await bench
      .call('patch', '/v1/pools/big')
      .send({ idleSeconds: 5, minTier: null, sandboxMode: 'reuse' });
    expect(changed.body).toMatchObject({
      id: made.id,
      size: 'm',
      maxRunners: 5,
      idleSeconds: 5,
      minTier: null,
      sandboxMode: 'reuse',
    });

    expect((await bench.call('delete', `/v1/pools/${made.id}`)).status).toBe(204);
    expect((await bench.call('get', '/v1/pools/big')).body).toMatchObject({ status: 404, code: 'pool.not_found' });
    const audit = await sql(
      `select action from audit_events where tenant_id = $1 and target = $2 order by id`,
      made.id,
    );
    expect(audit.map((row) => row['action'])).toEqual(['pool.created', 'pool.changed', 'pool.deleted']);
  });

  it('refuses what a pool cannot be', async () => {
    await create({ name: 'big' });
    const refusal = async (body: object) => {
      const { status, body: problem } = await bench.call('post', '/v1/pools').send(body);
      return [status, (problem as { code: string }).code];
    };

    expect(await refusal({ name: 'big' })).toEqual([409, 'pool.exists']);
    expect(await refusal({ name: 'huge', size: '2xl' })).toEqual([429, 'plan.size']);
    expect(await refusal({ name: 'No Name' })).toEqual([422, 'request.invalid_body']);
    expect(await refusal({ name: 'x', sandboxMode: 'shared' })).toEqual([422, 'request.invalid_body']);
    expect(await refusal({ name: 'x', slots: 4 })).toEqual([422, 'request.invalid_body']);
    expect((await bench.call('patch', '/v1/pools/big').send({ name: 'other' })).status).toBe(422);
    expect((await bench.call('get', '/v1/pools?environment=nowhere')).status).toBe(404);
  });

  it('keeps a pool that is needed, and the pool default', async () => {
    const pool = await create({ name: 'big' });
    const run = await bench.run();
    const remove = async () => {
      const { status, body } = await bench.call('delete', '/v1/pools/big');
      return [status, (body as { code?: string }).code];
    };

    expect((await bench.call('delete', '/v1/pools/default')).body).toMatchObject({
      status: 409,
      code: 'pool.is_default',
    });
    // A run that has begun and comes to its task in this pool later.
    await sql(
      `update runs set pools = jsonb_build_object('big', jsonb_build_object('poolId', $3::text)) where tenant_id = $1 and id = $2`,
      run.runId,
      pool.id,
    );
    expect(await remove()).toEqual([409, 'pool.in_use']);
    await sql(`update runs set state = 'succeeded' where tenant_id = $1`);
    await sql(`update runners set pool_id = $2 where tenant_id = $1`, pool.id);
    expect(await remove()).toEqual([409, 'pool.in_use']);
    await sql(`update runners set state = 'ended' where tenant_id = $1`);
    expect(await remove()).toEqual([204, undefined]);
    expect(await sql(`select id from runners where tenant_id = $1`)).toEqual([]);
  });

  it('lists runners, live ones first, over pages', async () => {
    const { poolId } = bench.organization;
    const insert = (state: string, id = newId('runner')) =>
      sql(
        `insert into runners (tenant_id, id, pool_id, state, tier, slots, host, version, credential_hash, pid, uid, end_reason)
         values ($1, $2, $3, $4, 'standard', 4, 'host', '1', '\\x00', 7, 8, case when $4 = 'ended' then 'idle' end)`,
        id,
        poolId,
        state,
      );
    await insert('ended');
    await insert('ready');
    await insert('ended');
    await insert('draining');
    await bench.begin(await bench.run());

    const seen: { state: string; leases: number; pid: number | null; endReason: string | null }[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = await bench.call('get', `/v1/pools/default/runners?limit=2${query}`);
      expect(page.status, page.text).toBe(200);
      const body = page.body as { data: typeof seen; nextCursor: string | null };
      seen.push(...body.data);
      cursor = body.nextCursor;
    }

    expect(seen.map(({ state }) => state)).toEqual(['draining', 'ready', 'starting', 'ended', 'ended']);
    expect(seen.map(({ leases }) => leases)).toEqual([0, 0, 1, 0, 0]);
    expect(seen.at(-1)).toMatchObject({ pid: 7, endReason: 'idle' });
    const ended = await bench.call('get', `/v1/pools/${poolId}/runners?state=ended`);
    expect((ended.body as { data: unknown[] }).data).toHaveLength(2);
  });

  it('shows nothing to another organization, and changes nothing for a key that may only read', async () => {
    const other = await Workbench.open(api, database);
    const { poolId } = bench.organization;

    for (const path of [`/v1/pools/${poolId}`, `/v1/pools/${poolId}/runners`]) {
      expect((await other.call('get', path)).body).toMatchObject({ status: 404, code: 'pool.not_found' });
    }
    expect((await other.call('delete', `/v1/pools/${poolId}`)).status).toBe(404);
    const reader = await bench.keyOf(['read', 'run', 'deploy']);
    expect((await bench.call('post', '/v1/pools', reader).send({ name: 'x' })).status).toBe(403);
  });

  it('keeps a key that is bound to an environment inside it', async () => {
    const environmentId = newId('environment');
    await sql(
      `insert into environments (tenant_id, id, slug, name) values ($1, $2, 'staging', 'Staging')`,
      environmentId,
    );
    const bound = await bench.keyOf(['read', 'manage'], environmentId);

    expect((await bench.call('get', '/v1/pools', bound)).body).toEqual({ data: [], nextCursor: null });
    expect((await bench.call('get', `/v1/pools/${bench.organization.poolId}`, bound)).status).toBe(404);
    expect((await bench.call('post', '/v1/pools', bound).send({ name: 'own' })).body).toMatchObject({
      environment: 'staging',
    });
  });
});
