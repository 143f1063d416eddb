import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantRowSecurity } from './row-security.js';

const tables = `
-- One row per attempt and meter, written in the transaction that ends the attempt. Money in nano-dollars.
create table ledger_entries (
  tenant_id text not null references organizations (id),
  id text not null,
  kind text not null default 'usage' check (kind in ('usage', 'discount', 'credit', 'rounding')),
  attempt_id text,
  run_id text,
  task_id text,
  map_index integer,
  pipeline_id text,
  environment_id text,
  meter text not null,
  size text,
  quantity bigint not null check (quantity >= 0),
  unit_price_nano bigint not null,
  amount_nano bigint not null,
  category text not null check (category in ('useful', 'retried', 'failed', 'cancelled', 'platform_fault')),
  occurred_at timestamptz not null,
  created_at timestamptz not null default now(),
  -- Set by the sealer: the seal, the row's place in the tenant's chain, and the chain itself (SHA-256).
  sealed_in bigint,
  chain_number bigint,
  prev_hash bytea,
  hash bytea,
  primary key (tenant_id, id),
  check (kind <> 'usage' or (attempt_id is not null and run_id is not null))
);
create unique index ledger_entries_once on ledger_entries (tenant_id, attempt_id, meter) where kind = 'usage';
create index ledger_entries_by_run on ledger_entries (tenant_id, run_id);
create index ledger_entries_by_time on ledger_entries (tenant_id, occurred_at);
create unique index ledger_entries_chain on ledger_entries (tenant_id, chain_number) where chain_number is not null;
create index ledger_entries_unsealed on ledger_entries (tenant_id) where sealed_in is null;

create table ledger_seals (
  tenant_id text not null references organizations (id),
  id bigint not null,
  sealed_at timestamptz not null default now(),
  first_number bigint not null,
  last_number bigint not null,
  head_hash bytea not null,
  primary key (tenant_id, id)
);
`;

/** The usage ledger: append-only, sealed into a hash chain per tenant. */
export class CreateLedger1795500003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
    await runner.query(
      tenantRowSecurity({
        table: 'ledger_entries',
        app: ['select', 'insert'],
        control: {
          select: '*',
          insert: true,
          update: ['sealed_in', 'chain_number', 'prev_hash', 'hash'],
        },
      }),
    );
    await runner.query(
      tenantRowSecurity({ table: 'ledger_seals', app: ['select'], control: { select: '*', insert: true } }),
    );
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only; restore the backup'));
  }
}
