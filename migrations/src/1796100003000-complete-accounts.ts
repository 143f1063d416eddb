import type { MigrationInterface, QueryRunner } from 'typeorm';
import { controlOnlyRowSecurity, tenantRowSecurity } from './row-security.js';

const tables = `
-- Whoever has an account by now was never asked.
alter table users add column email_verified_at timestamptz default now();
alter table users alter column email_verified_at drop default;

-- What goes out by mail to prove that an address is read: each good once, the hash alone is stored.
create table account_tokens (
  id text primary key,
  user_id text not null references users (id),
  kind text not null check (kind in ('verify', 'reset')),
  token_hash bytea not null unique,
  -- The address that it went to: it proves nothing about another one.
  email text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);
create index account_tokens_by_user on account_tokens (user_id, kind);

-- A deleted environment keeps its row, which its runs and its usage name; its slug is free again.
alter table environments add column deleted_at timestamptz;
alter table environments drop constraint environments_tenant_id_slug_key;
create unique index environments_slug on environments (tenant_id, slug) where deleted_at is null;

-- Requests by credential, in slots of ten seconds: who uses the limit of the organization. Kept for an hour.
create table api_requests (
  tenant_id text not null references organizations (id),
  slot timestamptz not null,
  -- usr_… or key_…
  actor text not null,
  requests integer not null,
  refused integer not null,
  primary key (tenant_id, slot, actor)
);
create index api_requests_age on api_requests (slot);
`;

/** Verified addresses and forgotten passwords, deleted environments, requests by credential. */
export class CompleteAccounts1796100003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
    for (const statement of [
      controlOnlyRowSecurity('account_tokens', { select: '*', insert: true, update: ['used_at'], delete: true }),
      tenantRowSecurity({
        table: 'api_requests',
        app: ['select'],
        control: { select: '*', insert: true, update: ['requests', 'refused'], delete: true },
      }),
    ]) {
      await runner.query(statement);
    }
    await runner.query(`
      grant update (email_verified_at) on users to millrace_control;
      grant select (email_verified_at) on users to millrace_app;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only; restore the backup'));
  }
}
