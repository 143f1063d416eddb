import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantRowSecurity } from './row-security.js';

const tables = `
create table pools (
  tenant_id text not null references organizations (id),
  id text not null unique,
  -- Makes the operating-system user of the pool's runners; never given out twice.
  ordinal bigint generated always as identity unique,
  environment_id text not null,
  name text not null,
  size text not null default 's' check (size in ('xs', 's', 'm', 'l', 'xl', '2xl')),
  slots_per_runner integer not null default 4 check (slots_per_runner between 1 and 64),
  max_runners integer not null default 2 check (max_runners between 1 and 100),
  idle_seconds integer not null default 60 check (idle_seconds between 1 and 86400),
  sandbox_mode text not null default 'fresh' check (sandbox_mode in ('fresh', 'run', 'reuse')),
  min_tier text check (min_tier in ('none', 'restricted', 'standard', 'strong')),
  task_queue text not null unique,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, environment_id, name),
  foreign key (tenant_id, environment_id) references environments (tenant_id, id)
);

-- Registered by the pool controller before the process starts; its credential is good for this runner alone.
create table runners (
  tenant_id text not null references organizations (id),
  id text not null,
  pool_id text not null,
  state text not null check (state in ('starting', 'ready', 'draining', 'ended')),
  tier text not null,
  slots integer not null,
  host text not null,
  pid integer,
  -- Tells the process from a later one with the same pid: the machine's boot and the start in its clock ticks.
  process_start text,
  uid integer,
  version text not null,
  credential_hash bytea not null,
  started_at timestamptz not null default now(),
  connected_at timestamptz,
  ended_at timestamptz,
  end_reason text,
  primary key (tenant_id, id),
  foreign key (tenant_id, pool_id) references pools (tenant_id, id) on delete cascade
);
create index runners_by_pool on runners (tenant_id, pool_id, id);
create index runners_live on runners (pool_id) where state <> 'ended';

create table bundles (
  tenant_id text not null references organizations (id),
  digest text not null,
  size_bytes bigint not null,
  file_count integer not null,
  -- [{path, sizeBytes}], sorted by path.
  files jsonb not null default '[]',
  created_at timestamptz not null default now(),
  primary key (tenant_id, digest)
);

-- What was built from a dependency file (package.json, requirements.txt), found again by the digest of its inputs.
create table dependency_sets (
  tenant_id text not null references organizations (id),
  digest text not null,
  kind text not null check (kind in ('npm', 'pip')),
  state text not null check (state in ('building', 'ready', 'failed')),
  object_digest text,
  size_bytes bigint,
  lock_text text,
  log text,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  primary key (tenant_id, digest)
);

create table deployments (
  tenant_id text not null references organizations (id),
  id text not null,
  environment_id text not null,
  bundle_digest text not null,
  state text not null check (state in ('building', 'ready', 'failed')),
  message text,
  error jsonb,
  log text,
  -- [{pipelineId, pipeline, versionId, number, isNew, activated, previousVersionId}], once ready.
  versions jsonb not null default '[]',
  -- [{kind, digest}]: the dependency sets that the versions need.
  dependencies jsonb not null default '[]',
  -- JSON text of the compiled pipelines while their dependencies are being built; they become versions together.
  pending text,
  activate boolean not null default true,
  rollback_of text,
  created_by text not null,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, environment_id) references environments (tenant_id, id),
  foreign key (tenant_id, bundle_digest) references bundles (tenant_id, digest)
);

create table pipelines (
  tenant_id text not null references organizations (id),
  id text not null,
  environment_id text not null,
  name text not null,
  description text,
  active_version_id text,
  -- The version that was active before the active one: what a roll-back returns to.
  previous_version_id text,
  paused_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, environment_id, name),
  foreign key (tenant_id, environment_id) references environments (tenant_id, id)
);

create table pipeline_versions (
  tenant_id text not null references organizations (id),
  id text not null,
  pipeline_id text not null,
  number integer not null,
  digest text not null,
  bundle_digest text not null,
  deployment_id text not null,
  -- JSON texts: the plan that the workflow interprets, and the specification that an attempt is made from.
  plan text not null,
  spec text not null,
  -- The definition as it was pushed, as JSON text, and the file of the bundle that it stands in.
  definition text not null default '{}',
  source_file text,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, pipeline_id, digest),
  unique (tenant_id, pipeline_id, number),
  foreign key (tenant_id, pipeline_id) references pipelines (tenant_id, id),
  foreign key (tenant_id, bundle_digest) references bundles (tenant_id, digest)
);
alter table pipelines add foreign key (tenant_id, active_version_id) references pipeline_versions (tenant_id, id);
`;

/** Pools and their runners; bundles, deployments, pipelines and their immutable versions. */
export class CreatePipelines1795500001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
    for (const statement of [
      tenantRowSecurity({
        table: 'pools',
        app: ['select', 'insert', 'update', 'delete'],
        control: { select: '*', insert: true },
      }),
      tenantRowSecurity({
        table: 'runners',
        app: ['select'],
        control: {
          select: '*',
          insert: true,
          update: [
            'state',
            'tier',
            'slots',
            'host',
            'pid',
            'process_start',
            'uid',
            'connected_at',
            'ended_at',
            'end_reason',
          ],
        },
      }),
      tenantRowSecurity({ table: 'bundles', app: ['select', 'insert'] }),
      tenantRowSecurity({ table: 'dependency_sets', app: ['select', 'insert', 'update'] }),
      tenantRowSecurity({
        table: 'deployments',
        app: ['select', 'insert', 'update'],
        // A deployment that builds dependencies is demand for a runner.
        control: { select: ['tenant_id', 'id', 'environment_id', 'state', 'created_at'] },
      }),
      tenantRowSecurity({ table: 'pipelines', app: ['select', 'insert', 'update'] }),
      tenantRowSecurity({ table: 'pipeline_versions', app: ['select', 'insert'] }),
    ]) {
      await runner.query(statement);
    }
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only; restore the backup'));
  }
}
