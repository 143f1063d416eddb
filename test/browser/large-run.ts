import { newId, type OrganizationId, type RunId } from '@millrace/kernel';
import { asSuper, seedRun } from '@millrace/testing';

/** How often an instance of the seeded run fails: every so many. */
export const failsEvery = 97;

/**
 * Gives the organization a run that has ended, whose task `each` was mapped over `count` items: an instance and an
 * attempt for every one of them, written straight into the database.
 */
export async function seedLargeRun(superuserUrl: string, slug: string, count: number): Promise<RunId> {
  const sql = <R extends object>(text: string, values: readonly unknown[] = []): Promise<R[]> =>
    asSuper<R>(superuserUrl, text, values);
  const [found] = await sql<{ tenantId: OrganizationId; environmentId: string; poolId: string; taskQueue: string }>(
    `select o.id as "tenantId", e.id as "environmentId", p.id as "poolId", p.task_queue as "taskQueue"
     from organizations o
     join environments e on e.tenant_id = o.id and e.slug = 'production'
     join pools p on p.tenant_id = o.id and p.environment_id = e.id
     where o.slug = $1 limit 1`,
    [slug],
  );
  if (found === undefined) throw new Error(`there is no organization ${slug}`);
  const organization = { slug, ...found } as Parameters<typeof seedRun>[1];
  const { runId } = await seedRun(superuserUrl, organization, {
    tasks: [
      { id: 'list' },
      { id: 'each', needs: ['list'], mapOver: 'tasks.list.output' },
      { id: 'sum', needs: ['each'] },
    ],
  });
  const { tenantId, poolId } = organization;
  await sql(
    `insert into task_instances (tenant_id, run_id, task_id, map_index, state, pool_id, tries, queued_at, started_at, ended_at)
     select $1, $2, 'each', n, case when n % $5 = 0 then 'failed' else 'succeeded' end, $3, 1,
       begun, begun + n * interval '10 ms', begun + n * interval '10 ms' + interval '80 ms'
     from generate_series(0, $4 - 1) n, (select now() - interval '10 minutes' as begun) b`,
    [tenantId, runId, poolId, count, failsEvery],
  );
  await sql(
    `insert into attempts (tenant_id, id, run_id, task_id, map_index, fence, dispatch, try, state, pool_id, size,
       accepted_at, leased_at, started_at, ended_at, committed_at, wall_ms)
     select $1, id, $2, 'each', n, 1, 1, 1, case when n % $5 = 0 then 'failed' else 'succeeded' end, $3, 's',
       begun, begun + n * interval '10 ms', begun + n * interval '10 ms', begun + n * interval '10 ms' + interval '80 ms',
       begun + n * interval '10 ms' + interval '90 ms', 80
     from unnest($4::text[]) with ordinality as a (id, ordinal),
       lateral (select ordinal::int - 1 as n, now() - interval '10 minutes' as begun) b`,
    [tenantId, runId, poolId, Array.from({ length: count }, () => newId('attempt')).toSorted(), failsEvery],
  );
  await sql(
    `update task_instances set state = case task_id when 'sum' then 'upstream_failed' when 'each' then 'failed' else 'succeeded' end,
       map_length = case task_id when 'each' then $3::int end, started_at = now() - interval '10 minutes',
       ended_at = now() - interval '8 minutes'
     where tenant_id = $1 and run_id = $2 and map_index = -1`,
    [tenantId, runId, count],
  );
  await sql(
    `update runs set state = 'failed', reason = 'task_failed', created_at = now() - interval '10 minutes',
       started_at = now() - interval '10 minutes', ended_at = now() - interval '8 minutes'
     where tenant_id = $1 and id = $2`,
    [tenantId, runId],
  );
  await sql('analyze task_instances');
  await sql('analyze attempts');
  return runId;
}
