import type { MigrationInterface, QueryRunner } from 'typeorm';
import { controlOnlyRowSecurity, tenantRowSecurity } from './row-security.js';

const tables = `
create table organizations (
  id text primary key,
  slug text not null unique,
  name text not null,
  plan text not null default 'free',
  created_at timestamptz not null default now()
);

create table users (
  id text primary key,
  email text not null,
  name text not null,
  password_hash text not null,
  created_at timestamptz not null default now()
);
create unique index users_email on users (lower(email));

create table memberships (
  tenant_id text not null references organizations (id),
  user_id text not null references users (id),
  role text not null check (role in ('owner', 'admin', 'editor', 'operator', 'viewer')),
  created_at timestamptz not null default now(),
  primary key (tenant_id, user_id)
);
create index memberships_user on memberships (user_id);

create table invitations (
  tenant_id text not null references organizations (id),
  id text not null,
  email text not null,
  role text not null check (role in ('admin', 'editor', 'operator', 'viewer')),
  token_hash bytea not null unique,
  invited_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  revoked_at timestamptz,
  primary key (tenant_id, id)
);

create table sessions (
  id text primary key,
  user_id text not null references users (id),
  tenant_id text not null references organizations (id),
  family text not null,
  access_hash bytea not null unique,
  refresh_hash bytea not null unique,
  created_at timestamptz not null default now(),
  access_expires_at timestamptz not null,
  refresh_expires_at timestamptz not null,
  rotated_at timestamptz,
  revoked_at timestamptz
);
create index sessions_family on sessions (family);

create table environments (
  tenant_id text not null references organizations (id),
  id text not null,
  slug text not null,
  name text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, slug)
);

create table api_keys (
  tenant_id text not null references organizations (id),
  id text not null unique,
  name text not null,
  environment_id text,
  secret_hash bytea not null,
  scopes text[] not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  replaced_by text,
  primary key (tenant_id, id),
  foreign key (tenant_id, environment_id) references environments (tenant_id, id)
);

create table tenant_keys (
  tenant_id text not null references organizations (id),
  id integer not null,
  wrapped_key bytea not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);

create table secrets (
  tenant_id text not null references organizations (id),
  id text not null,
  environment_id text not null,
  name text not null,
  version integer not null,
  key_id integer not null,
  nonce bytea not null,
  ciphertext bytea not null,
  auth_tag bytea not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, environment_id, name, version),
  foreign key (tenant_id, environment_id) references environments (tenant_id, id),
  foreign key (tenant_id, key_id) references tenant_keys (tenant_id, id)
);

create table connections (
  tenant_id text not null references organizations (id),
  id text not null,
  environment_id text not null,
  name text not null,
  type text not null,
  host text not null,
  port integer not null check (port between 1 and 65535),
  username text,
  database text,
  tls text not null default 'verify' check (tls in ('disable', 'require', 'verify')),
  options jsonb not null default '{}',
  password_secret text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, environment_id, name),
  foreign key (tenant_id, environment_id) references environments (tenant_id, id)
);

create table variables (
  tenant_id text not null references organizations (id),
  id text not null,
  environment_id text not null,
  name text not null,
  value text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, environment_id, name),
  foreign key (tenant_id, environment_id) references environments (tenant_id, id)
);

create table audit_events (
  tenant_id text not null references organizations (id),
  id text not null,
  at timestamptz not null default now(),
  actor text not null,
  action text not null,
  target text not null,
  request_id text,
  detail jsonb not null default '{}',
  sealed_in bigint,
  prev_hash bytea,
  hash bytea,
  primary key (tenant_id, id)
);

-- tenant_id is 'public' for requests that come before there is a tenant (sign-up, login, accepting an invitation).
create table idempotency_keys (
  tenant_id text not null,
  key text not null,
  route text not null,
  body_hash bytea not null,
  status integer,
  headers jsonb,
  body text,
  created_at timestamptz not null default now(),
  primary key (tenant_id, key)
);
create index idempotency_keys_age on idempotency_keys (created_at);

create table rate_limits (
  bucket text primary key,
  tokens double precision not null,
  refilled_at timestamptz not null
);
`;

/** Organizations, people, keys, environments, and what a pipeline may know of the outside: secrets, connections, variables. */
export class CreateTenancy1795500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
    const all = ['select', 'insert', 'update', 'delete'] as const;
    for (const statement of [
      tenantRowSecurity({
        table: 'organizations',
        tenantColumn: 'id',
        app: ['select', 'update'],
        control: { select: '*', insert: true },
      }),
      tenantRowSecurity({
        table: 'memberships',
        app: all,
        control: { select: '*', insert: true },
      }),
      tenantRowSecurity({
        table: 'invitations',
        app: ['select', 'insert', 'update'],
        control: { select: '*', update: ['accepted_at'] },
      }),
      tenantRowSecurity({ table: 'environments', app: all, control: { select: '*', insert: true } }),
      tenantRowSecurity({
        table: 'api_keys',
        app: ['select', 'insert', 'update'],
        control: { select: '*', update: ['last_used_at'] },
      }),
      tenantRowSecurity({ table: 'tenant_keys', app: ['select', 'insert'] }),
      tenantRowSecurity({ table: 'secrets', app: ['select', 'insert', 'update'] }),
      tenantRowSecurity({ table: 'connections', app: all }),
      tenantRowSecurity({ table: 'variables', app: all }),
      tenantRowSecurity({
        table: 'audit_events',
        app: ['select', 'insert'],
        control: { select: '*', insert: true, update: ['sealed_in', 'prev_hash', 'hash'] },
      }),
      tenantRowSecurity({
        table: 'idempotency_keys',
        app: ['select', 'insert', 'update'],
        control: { select: '*', insert: true, update: ['status', 'headers', 'body'], delete: true },
      }),
      controlOnlyRowSecurity('users', {
        select: '*',
        insert: true,
        update: ['name', 'password_hash'],
      }),
      controlOnlyRowSecurity('sessions', {
        select: '*',
        insert: true,
        update: ['access_expires_at', 'rotated_at', 'revoked_at'],
        delete: true,
      }),
      controlOnlyRowSecurity('rate_limits', {
        select: '*',
        insert: true,
        update: ['tokens', 'refilled_at'],
        delete: true,
      }),
    ]) {
      await runner.query(statement);
    }
    // A member of the tenant may see who the other members are, and nothing of anybody else.
    await runner.query(`
      grant select (id, email, name, created_at) on users to millrace_app;
      create policy fellow_members on users for select to millrace_app using (
        exists (select from memberships m where m.user_id = users.id
                and m.tenant_id = nullif(current_setting('app.tenant_id', true), '')));
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only; restore the backup'));
  }
}
