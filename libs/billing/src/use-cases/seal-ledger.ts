import type { ControlTransaction } from '@millrace/database';
import type { TenantId } from '@millrace/kernel';
import { type ChainedFacts, chainHash, chainOrigin } from '../chain.js';

interface UnsealedRow extends Omit<ChainedFacts, 'quantity' | 'unitPrice' | 'amount'> {
  quantity: string;
  unitPrice: string;
  amount: string;
}

/** Organizations with rows that are not part of their chain yet. */
export async function listUnsealed(tx: ControlTransaction, limit: number): Promise<readonly TenantId[]> {
  const rows = await tx.query<{ tenant_id: TenantId }>(
    `select distinct tenant_id from ledger_entries where sealed_in is null limit $1`,
    [limit],
  );
  return rows.map((row) => row.tenant_id);
}

/**
 * Numbers and chains up to `limit` rows of one organization, in one transaction; gives how many there were. Rows are
 * found by not being sealed, never by id or time: whatever commits late is sealed late, and nothing is left out.
 */
export async function sealLedger(tx: ControlTransaction, tenantId: TenantId, limit: number): Promise<number> {
  // One sealer at a time for each chain; another one waits and then finds less to do.
  await tx.query(`select pg_advisory_xact_lock(hashtextextended($1, 0))`, [`ledger|${tenantId}`]);
  const rows = await tx.query<UnsealedRow>(
    `select id, kind, attempt_id as "attemptId", run_id as "runId", task_id as "taskId", map_index as "mapIndex",
       pipeline_id as "pipelineId", environment_id as "environmentId", meter, size, quantity::text as quantity,
       unit_price_nano::text as "unitPrice", amount_nano::text as amount, category,
       to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "occurredAt"
     from ledger_entries where tenant_id = $1 and sealed_in is null order by id limit $2`,
    [tenantId, limit],
  );
  if (rows.length === 0) return 0;
  const [last] = await tx.query<{ id: string; last_number: string; head: string }>(
    `select id, last_number, encode(head_hash, 'hex') as head from ledger_seals
     where tenant_id = $1 order by id desc limit 1`,
    [tenantId],
  );
  const seal = BigInt(last?.id ?? 0) + 1n;
  let number = BigInt(last?.last_number ?? 0);
  let head = last?.head ?? chainOrigin(tenantId);
  const first = number + 1n;
  const links = rows.map((row) => {
    number += 1n;
    const prev = head;
    head = chainHash(prev, number, row);
    return { id: row.id, number: number.toString(), prev, hash: head };
  });
  await tx.query(
    `update ledger_entries e set sealed_in = $2, chain_number = l.number, prev_hash = decode(l.prev, 'hex'),
       hash = decode(l.hash, 'hex')
     from jsonb_to_recordset($3::jsonb) as l (id text, number bigint, prev text, hash text)
     where e.tenant_id = $1 and e.id = l.id and e.sealed_in is null`,
    [tenantId, seal.toString(), JSON.stringify(links)],
  );
  await tx.query(
    `insert into ledger_seals (tenant_id, id, first_number, last_number, head_hash)
     values ($1, $2, $3, $4, decode($5, 'hex'))`,
    [tenantId, seal.toString(), first.toString(), number.toString(), head],
  );
  return rows.length;
}
