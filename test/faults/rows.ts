import pg from 'pg';

/** An attempt as its row tells of it. */
export interface AttemptRow {
  readonly id: string;
  readonly runId: string;
  readonly taskId: string;
  readonly mapIndex: number;
  readonly fence: number;
  readonly try: number;
  readonly state: string;
  readonly reason: string | null;
  readonly runnerId: string | null;
  readonly way: string;
  readonly stretchId: string | null;
  /** Milliseconds since the epoch. */
  readonly leasedMs: number;
  readonly committedMs: number | null;
}

export interface RunnerRow {
  readonly id: string;
  readonly pid: number;
  readonly slots: number;
  readonly leases: number;
}

export interface RunRow {
  readonly id: string;
  readonly state: string;
  /** Changes with everything that its workflow records and with every lease. */
  readonly progress: string;
}

const attemptColumns = `id, run_id as "runId", task_id as "taskId", map_index as "mapIndex", fence, try, state, reason,
  runner_id as "runnerId", way, stretch_id as "stretchId",
  (extract(epoch from leased_at) * 1000)::float8 as "leasedMs", (extract(epoch from committed_at) * 1000)::float8 as "committedMs"`;

/** The platform's tables, read past everything that the storm cuts off. */
export class Rows {
  private readonly pool: pg.Pool;

  constructor(url: string) {
    this.pool = new pg.Pool({ connectionString: url, max: 3 });
    // A killed server closes what is idle; the next query connects again.
    this.pool.on('error', () => undefined);
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  /** Runners that are connected. */
  runners(): Promise<RunnerRow[]> {
    return this.read(
      `select r.id, r.pid, r.slots,
         (select count(*)::int from attempts a where a.runner_id = r.id and a.state = 'leased') as leases
       from runners r where r.state = 'ready' and r.pid is not null`,
      [],
    );
  }

  /** Live leases of a runner. */
  leasesOf(runnerId: string): Promise<AttemptRow[]> {
    return this.read(`select ${attemptColumns} from attempts where runner_id = $1 and state = 'leased'`, [runnerId]);
  }

  /** Task instances that wait for a slot. */
  async waiting(): Promise<number> {
    const [row] = await this.read<{ count: number }>(
      `select count(*)::int as count from task_instances ti
       where ti.state = 'queued' and ti.map_length is null and not exists (select from attempts a
         where a.tenant_id = ti.tenant_id and a.run_id = ti.run_id and a.task_id = ti.task_id
           and a.map_index = ti.map_index and a.dispatch >= greatest(ti.dispatch, 1))`,
      [],
    );
    return row?.count ?? 0;
  }

  /** How often the instances that a runner holds were lost before, at most: each may be lost a few times in a row only. */
  async lossesOf(runnerId: string): Promise<number> {
    const [row] = await this.read<{ losses: number }>(
      `select coalesce(max((select count(*)::int from attempts l where l.tenant_id = a.tenant_id and l.run_id = a.run_id
         and l.task_id = a.task_id and l.map_index = a.map_index and l.state = 'lost')), 0) as losses
       from attempts a where a.runner_id = $1 and a.state = 'leased'`,
      [runnerId],
    );
    return row?.losses ?? 0;
  }

  attempts(ids: readonly string[]): Promise<AttemptRow[]> {
    return this.read(`select ${attemptColumns} from attempts where id = any($1)`, [ids]);
  }

  attemptsOfRunner(runnerId: string): Promise<AttemptRow[]> {
    return this.read(`select ${attemptColumns} from attempts where runner_id = $1`, [runnerId]);
  }

  attemptsOfRuns(runIds: readonly string[]): Promise<AttemptRow[]> {
    return this.read(`select ${attemptColumns} from attempts where run_id = any($1) order by fence`, [runIds]);
  }

  /** Runs that have not ended. */
  inFlight(): Promise<RunRow[]> {
    return this.progressOf(undefined);
  }

  progressOf(ids: readonly string[] | undefined): Promise<RunRow[]> {
    return this.read(
      `select r.id, r.state, r.state || ' ' || r.seq || ' ' || (select count(*) from attempts a
         where a.tenant_id = r.tenant_id and a.run_id = r.id) as progress
       from runs r where case when $1::text[] is null then r.state in ('queued', 'running') else r.id = any($1) end`,
      [ids ?? null],
    );
  }

  /** Rows of the outbox that Temporal is owed, by kind. */
  async debts(): Promise<readonly { readonly kind: string; readonly count: number }[]> {
    return this.read(
      `select kind, count(*)::int as count from outbox
       where kind in ('start_run', 'cancel_run', 'runner_lost', 'build') group by kind order by kind`,
      [],
    );
  }

  async slots(): Promise<number> {
    return (await this.read<{ count: number }>('select count(*)::int as count from slots', []))[0]?.count ?? 0;
  }

  async refusals(): Promise<number> {
    return (await this.read<{ count: number }>('select count(*)::int as count from refusals', []))[0]?.count ?? 0;
  }

  /** What an operator does for an organization that needs more than the plan that it began with. */
  async giveRoom(): Promise<void> {
    await this.read(`update organizations set plan = 'enterprise'`, []);
  }

  private async read<T extends object>(sql: string, values: readonly unknown[]): Promise<T[]> {
    for (let tries = 1; ; tries += 1) {
      try {
        return (await this.pool.query<T>(sql, [...values])).rows;
      } catch (error) {
        // It may have been killed a moment ago.
        if (tries === 40) throw error;
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    }
  }
}
