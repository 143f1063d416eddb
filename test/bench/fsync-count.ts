import pg from 'pg';

/** A session that has nothing to do tells its figures after ten seconds. */
const quietMs = 11_000;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Fsyncs of the write-ahead log while the work is done, by all sessions and background processes of Postgres, less those
 * of the same time with nothing to do.
 */
export async function countFsyncs(url: string, work: () => Promise<void>): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await sleep(quietMs);
    const [before, beganAt] = [await readFsyncs(client), performance.now()];
    await work();
    await sleep(quietMs);
    const [after, endedAt] = [await readFsyncs(client), performance.now()];
    await sleep(quietMs);
    const idle = (await readFsyncs(client)) - after;
    return after - before - idle * ((endedAt - beganAt) / (performance.now() - endedAt));
  } finally {
    await client.end();
  }
}

async function readFsyncs(client: pg.Client): Promise<number> {
  const { rows: version } = await client.query<{ number: string }>(
    `select current_setting('server_version_num') as number`,
  );
  // The figure has moved in Postgres 18.
  const { rows } = await client.query<{ fsyncs: string }>(
    Number(version[0]?.number) >= 180_000
      ? `select coalesce(sum(fsyncs), 0) as fsyncs from pg_stat_io where object = 'wal'`
      : 'select wal_sync as fsyncs from pg_stat_wal',
  );
  return Number(rows[0]?.fsyncs ?? 0);
}
