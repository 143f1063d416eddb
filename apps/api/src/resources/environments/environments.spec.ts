import { type EnvironmentId, newId, type OrganizationId, type PoolId } from '@millrace/kernel';
import { seedRun, seedRunner } from '@millrace/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccountBench, codeOf, type Session } from '../../testing/account-bench.js';

let bench: AccountBench;
let owner: Session;

beforeAll(async () => {
  bench = await AccountBench.start();
  owner = await bench.signUp();
});

afterAll(() => bench.stop());

const call = (method: 'get' | 'put' | 'post' | 'delete', path: string, body?: object) => {
  const test = bench.call(method, path, owner.accessToken);
  return body === undefined ? test : test.send(body);
};

interface Place {
  readonly tenantId: OrganizationId;
  readonly slug: string;
  readonly environmentId: EnvironmentId;
  readonly poolId: PoolId;
  readonly taskQueue: string;
}

async function makeEnvironment(slug: string): Promise<Place> {
  const made = await call('post', '/v1/environments', { slug });
  expect(made.status, made.text).toBe(201);
  const { id } = made.body as { id: EnvironmentId };
  for (const [path, body] of [
    ['/v1/variables/name', { value: 'x' }],
    ['/v1/secrets/name', { value: 'a secret' }],
    ['/v1/connections/name', { type: 'postgres', host: 'a.example', port: 5432 }],
  ] as const) {
    expect((await call('put', `${path}?environment=${slug}`, body)).status).toBe(200);
  }
  const [place] = await bench.sql<Place>(
    `select tenant_id as "tenantId", environment_id as "environmentId", id as "poolId", task_queue as "taskQueue", '' as slug
       from pools where environment_id = $1`,
    [id],
  );
  if (place === undefined) throw new Error('the environment has no pool');
  return place;
}

const left = async ({ environmentId }: Place): Promise<Record<string, number>> => {
  const [row] = await bench.sql<Record<string, number>>(
    `select (select count(*)::int from pools where environment_id = $1) as pools,
       (select count(*)::int from variables where environment_id = $1) as variables,
       (select count(*)::int from connections where environment_id = $1) as connections,
       (select count(*)::int from secrets where environment_id = $1 and ciphertext <> '') as secrets,
       (select count(*)::int from environments where id = $1 and deleted_at is null) as environments`,
    [environmentId],
  );
  return row ?? {};
};
const everything = { pools: 1, variables: 1, connections: 1, secrets: 1, environments: 1 };
const nothing = { pools: 0, variables: 0, connections: 0, secrets: 0, environments: 0 };

describe('deleting an environment', () => {
  it('takes what it had, keeps its runs, and frees its slug', async () => {
    const place = await makeEnvironment('staging');
    const { runId } = await seedRun(bench.database.superuserUrl, place);
    await bench.sql(`update runs set state = 'succeeded', ended_at = now() where id = $1`, [runId]);
    const deleted = await call('delete', '/v1/environments/staging');
    expect(deleted.status, deleted.text).toBe(204);
    expect(await left(place)).toEqual(nothing);
    expect((await call('get', '/v1/environments/staging')).status).toBe(404);
    expect((await call('get', '/v1/runs?environment=staging')).status).toBe(404);
    expect((await call('get', `/v1/runs/${runId}`)).body).toMatchObject({ environment: 'staging', state: 'succeeded' });
    expect((await call('delete', '/v1/environments/staging')).status).toBe(404);
    expect((await makeEnvironment('staging')).environmentId).not.toBe(place.environmentId);
  });

  it('is refused with everything that is in the way, and deletes nothing by half', async () => {
    const place = await makeEnvironment('busy');
    const { runId } = await seedRun(bench.database.superuserUrl, place);
    const runnerId = await seedRunner(bench.database.superuserUrl, place);
    const key = await call('post', '/v1/api-keys', { name: 'bound', scopes: ['read'], environment: 'busy' });
    const refused = await call('delete', '/v1/environments/busy');
    expect([refused.status, codeOf(refused)]).toEqual([409, 'environment.in_use']);
    expect(refused.body).toMatchObject({ runs: 1, keys: 1, deployments: 0, runners: 1 });
    const { errors } = refused.body as { errors: { code: string; message: string }[] };
    expect(errors.map(({ code }) => code)).toEqual([
      'environment.has_runs',
      'environment.has_keys',
      'environment.has_runners',
    ]);
    for (const text of [runId, 'bound', runnerId]) expect(refused.text).toContain(text);
    expect(await left(place)).toEqual(everything);

    await bench.sql(`update runs set state = 'cancelled', ended_at = now() where id = $1`, [runId]);
    await bench.sql(`update runners set state = 'ended', ended_at = now() where id = $1`, [runnerId]);
    expect((await call('delete', '/v1/environments/busy')).body).toMatchObject({ runs: 0, keys: 1, runners: 0 });
    await call('delete', `/v1/api-keys/${(key.body as { id: string }).id}`);
    expect((await call('delete', '/v1/environments/busy')).status).toBe(204);
  });

  it('waits for a run that is being started, and is then refused', async () => {
    const place = await makeEnvironment('racing');
    const starting = bench.sql(
      `with held as (select id from pools where environment_id = $1 for key share)
       insert into runs (tenant_id, id, environment_id, pipeline_id, version_id, state, created_by, pools)
       select r.tenant_id, $2, $1, r.pipeline_id, r.version_id, 'queued', 'usr_spec', '{}' from runs r, held, pg_sleep(1)
       where r.tenant_id = $3 limit 1`,
      [place.environmentId, newId('run'), place.tenantId],
    );
    // It holds the pools by now: the deletion has to wait for it.
    await expect
      .poll(() => bench.sql(`select from pg_stat_activity where query like 'with held%' and state = 'active'`))
      .toHaveLength(1);
    const refused = await call('delete', '/v1/environments/racing');
    await starting;
    expect(codeOf(refused)).toBe('environment.in_use');
    expect(await left(place)).toEqual(everything);
  });

  it('never takes production', async () => {
    const refused = await call('delete', '/v1/environments/production');
    expect([refused.status, codeOf(refused)]).toEqual([409, 'environment.is_default']);
  });
});
