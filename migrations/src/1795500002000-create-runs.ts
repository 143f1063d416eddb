import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantRowSecurity } from './row-security.js';

const tables = `
create table runs (
  tenant_id text not null references organizations (id),
  id text not null,
  environment_id text not null,
  pipeline_id text not null,
  version_id text not null,
  state text not null check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  reason text,
  trigger text not null default 'api' check (trigger in ('api', 'schedule', 'webhook', 'backfill')),
  created_by text not null,
  -- JSON text, kept to the byte as it was sent (defaults filled in).
  params text not null default '{}',
  -- Pool name in the plan -> {poolId, taskQueue, size}: resolved once, so that a running run keeps its pools and prices.
  pools jsonb not null,
  -- True while the run waits for its pipeline's maxActiveRuns and has no workflow yet.
  held boolean not null default false,
  -- The version's concurrency limit, where it queues beyond it; null where runs of the pipeline do not wait for each other.
  max_active_runs integer,
  seq bigint not null default 0,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz,
  cancel_requested_at timestamptz,
  cancel_requested_by text,
  primary key (tenant_id, id),
  foreign key (tenant_id, pipeline_id) references pipelines (tenant_id, id),
  foreign key (tenant_id, version_id) references pipeline_versions (tenant_id, id)
);
create index runs_by_pipeline on runs (tenant_id, pipeline_id, id desc);
create index runs_by_environment on runs (tenant_id, environment_id, id desc);
create index runs_live on runs (tenant_id, pipeline_id, state) where state in ('queued', 'running');

-- map_index -1: the task itself (for a mapped task its summary, with map_length); 0.. : its mapped instances.
create table task_instances (
  tenant_id text not null,
  run_id text not null,
  task_id text not null,
  map_index integer not null default -1,
  state text not null check (state in ('waiting', 'queued', 'running', 'up_for_retry', 'sleeping', 'succeeded', 'failed',
    'skipped', 'upstream_failed', 'cancelled')),
  reason text,
  pool_id text,
  map_length integer,
  tries integer not null default 0,
  dispatch integer not null default 0,
  seq bigint not null default 0,
  queued_at timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  primary key (tenant_id, run_id, task_id, map_index),
  foreign key (tenant_id, run_id) references runs (tenant_id, id)
);
-- The tasks of a run without their mapped instances, of which there may be thousands.
create index task_instances_tasks on task_instances (tenant_id, run_id) where map_index = -1;
create index task_instances_demand on task_instances (pool_id) where state in ('queued', 'running') and map_length is null;

create table attempts (
  tenant_id text not null,
  id text not null,
  run_id text not null,
  task_id text not null,
  map_index integer not null default -1,
  -- Rises with every lease of the task instance; a result is accepted only under the newest.
  fence integer not null,
  -- The workflow's count of dispatches; a late dispatch never takes the lease of a newer one.
  dispatch integer not null,
  -- Which try of the plan's retry policy this is, from 1; a loss that is the platform's fault uses none up.
  try integer not null,
  -- Tries that the plan gives the task in all: decides whether a failed one is repeated.
  max_tries integer not null default 1,
  -- SHA-256 of the opaque handle with which the attempt's inputs, outputs and log are reached while it is leased.
  grant_hash bytea,
  state text not null check (state in ('leased', 'succeeded', 'failed', 'timed_out', 'cancelled', 'lost')),
  reason text,
  error jsonb,
  retryable boolean,
  pool_id text not null,
  runner_id text,
  way text not null default 'queued' check (way in ('direct', 'offered', 'queued')),
  size text not null,
  tier text,
  accepted_at timestamptz,
  leased_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz,
  committed_at timestamptz,
  wall_ms bigint,
  cpu_ms bigint,
  peak_rss_bytes bigint,
  -- Output: opaque JSON text up to 256 KiB, larger ones by digest in the object store.
  output text,
  output_digest text,
  output_bytes bigint,
  log_lines bigint not null default 0,
  -- Sequence number of the last line that the runner says it wrote; null while running or when the runner was lost.
  log_last_seq bigint,
  primary key (tenant_id, id),
  unique (tenant_id, run_id, task_id, map_index, fence),
  foreign key (tenant_id, run_id) references runs (tenant_id, id)
);
create unique index attempts_live on attempts (tenant_id, run_id, task_id, map_index) where state = 'leased';
create index attempts_by_runner on attempts (runner_id) where state = 'leased';

-- A slot is held by the lease that took it and ends in the transaction that ends the lease.
create table slots (
  tenant_id text not null,
  attempt_id text not null,
  run_id text not null,
  pool_id text not null,
  primary key (tenant_id, attempt_id),
  foreign key (tenant_id, attempt_id) references attempts (tenant_id, id)
);
create index slots_by_pool on slots (tenant_id, pool_id);

-- Every write of a runner that was refused because its lease was no longer the live one.
create table refusals (
  tenant_id text not null,
  id bigint generated always as identity,
  run_id text not null,
  task_id text not null,
  map_index integer not null,
  fence integer not null,
  runner_id text,
  operation text not null,
  reason text not null,
  at timestamptz not null default now(),
  primary key (tenant_id, id)
);
create index refusals_by_run on refusals (tenant_id, run_id);

create table run_events (
  tenant_id text not null,
  run_id text not null,
  seq bigint not null,
  at timestamptz not null,
  type text not null,
  task_id text,
  map_index integer,
  state text not null,
  detail jsonb not null default '{}',
  primary key (tenant_id, run_id, seq),
  foreign key (tenant_id, run_id) references runs (tenant_id, id)
);

create table log_chunks (
  tenant_id text not null,
  attempt_id text not null,
  first_seq bigint not null,
  last_seq bigint not null,
  -- JSON lines {seq, at, stream, text}; inline, or by digest in the object store where the chunk is large.
  lines text,
  object_digest text,
  size_bytes integer not null,
  at timestamptz not null default now(),
  primary key (tenant_id, attempt_id, first_seq),
  foreign key (tenant_id, attempt_id) references attempts (tenant_id, id)
);

create table artifacts (
  tenant_id text not null,
  id text not null,
  run_id text not null,
  task_id text not null,
  map_index integer not null,
  attempt_id text not null,
  name text not null,
  content_type text not null,
  size_bytes bigint not null,
  digest text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, attempt_id, name),
  foreign key (tenant_id, attempt_id) references attempts (tenant_id, id)
);
create index artifacts_by_run on artifacts (tenant_id, run_id);

-- Which attempt read which version of which secret.
create table secret_reads (
  tenant_id text not null,
  id bigint generated always as identity,
  secret_name text not null,
  secret_version integer not null,
  environment_id text not null,
  run_id text not null,
  task_id text not null,
  map_index integer not null,
  attempt_id text not null,
  at timestamptz not null default now(),
  primary key (tenant_id, id)
);
create index secret_reads_by_run on secret_reads (tenant_id, run_id);
create index secret_reads_by_name on secret_reads (tenant_id, environment_id, secret_name);

-- What a committed transaction still owes to Temporal; the row goes when the debt is paid.
create table outbox (
  id bigint generated always as identity primary key,
  tenant_id text not null,
  kind text not null check (kind in ('start_run', 'cancel_run', 'runner_lost', 'build')),
  subject text not null,
  payload jsonb not null default '{}',
  created_at timestamptz not null default now(),
  not_before timestamptz not null default now(),
  failures integer not null default 0,
  last_error text
);
create index outbox_due on outbox (not_before, id);
create index outbox_subject on outbox (tenant_id, subject);
`;

/** Runs, task instances, attempts with their leases and slots, events, logs, artifacts, the outbox. */
export class CreateRuns1795500002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
    for (const statement of [
      tenantRowSecurity({
        table: 'runs',
        app: ['select', 'insert', 'update'],
        control: {
          select: ['tenant_id', 'id', 'pipeline_id', 'state', 'held', 'created_at', 'started_at', 'ended_at'],
        },
      }),
      tenantRowSecurity({
        table: 'task_instances',
        app: ['select', 'insert', 'update'],
        control: {
          select: ['tenant_id', 'run_id', 'task_id', 'map_index', 'state', 'pool_id', 'map_length', 'queued_at'],
        },
      }),
      tenantRowSecurity({
        table: 'attempts',
        app: ['select', 'insert', 'update'],
        control: {
          select: [
            'tenant_id',
            'id',
            'run_id',
            'task_id',
            'map_index',
            'fence',
            'dispatch',
            'state',
            'pool_id',
            'runner_id',
            'leased_at',
          ],
        },
      }),
      tenantRowSecurity({
        table: 'slots',
        app: ['select', 'insert', 'delete'],
        control: { select: '*' },
      }),
      tenantRowSecurity({ table: 'refusals', app: ['select', 'insert'] }),
      tenantRowSecurity({ table: 'run_events', app: ['select', 'insert'] }),
      tenantRowSecurity({ table: 'log_chunks', app: ['select', 'insert'] }),
      tenantRowSecurity({ table: 'artifacts', app: ['select', 'insert'] }),
      tenantRowSecurity({ table: 'secret_reads', app: ['select', 'insert'] }),
      tenantRowSecurity({
        table: 'outbox',
        app: ['select', 'insert'],
        control: {
          select: '*',
          insert: true,
          update: ['not_before', 'failures', 'last_error'],
          delete: true,
        },
      }),
    ]) {
      await runner.query(statement);
    }
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only; restore the backup'));
  }
}
