import type { TenantTransaction } from '@millrace/database';
import type { AttemptId, EnvironmentId, LedgerEntryId, PipelineId, RunId } from '@millrace/kernel';
import type { UsageCategory } from '../rating.js';

/** One row of the ledger. Amounts are nano-dollars. */
export interface LedgerEntry {
  readonly id: LedgerEntryId;
  readonly kind: 'usage' | 'discount' | 'credit' | 'rounding';
  readonly attemptId: AttemptId | null;
  readonly runId: RunId | null;
  readonly taskId: string | null;
  readonly mapIndex: number | null;
  readonly pipelineId: PipelineId | null;
  readonly environmentId: EnvironmentId | null;
  readonly meter: string;
  readonly size: string | null;
  readonly quantity: bigint;
  readonly unitPrice: bigint;
  readonly amount: bigint;
  readonly category: UsageCategory;
  /** RFC 3339 with microseconds, as the row has it and as its hash is made of. */
  readonly occurredAt: string;
  /** Its place in the chain of the organization; null until it has been sealed. Hashes are hexadecimal. */
  readonly sealed: { readonly number: bigint; readonly prevHash: string; readonly hash: string } | null;
}

interface EntryRow extends Omit<LedgerEntry, 'quantity' | 'unitPrice' | 'amount' | 'sealed'> {
  readonly quantity: string;
  readonly unitPrice: string;
  readonly amount: string;
  readonly chainNumber: string | null;
  readonly prevHash: string | null;
  readonly hash: string | null;
}

const columns = `id, kind, attempt_id as "attemptId", run_id as "runId", task_id as "taskId", map_index as "mapIndex",
  pipeline_id as "pipelineId", environment_id as "environmentId", meter, size, quantity, unit_price_nano as "unitPrice",
  amount_nano as amount, category, to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "occurredAt",
  chain_number as "chainNumber", encode(prev_hash, 'hex') as "prevHash", encode(hash, 'hex') as hash`;

function toEntry({ chainNumber, prevHash, hash, ...row }: EntryRow): LedgerEntry {
  return {
    ...row,
    quantity: BigInt(row.quantity),
    unitPrice: BigInt(row.unitPrice),
    amount: BigInt(row.amount),
    sealed:
      chainNumber === null || hash === null ? null : { number: BigInt(chainNumber), prevHash: prevHash ?? '', hash },
  };
}

export interface LedgerFilter {
  readonly runId: string | undefined;
  readonly from: Date | undefined;
  readonly to: Date | undefined;
  /** Only of this environment. */
  readonly environmentId: EnvironmentId | undefined;
}

/** Newest first, before `before`. */
export async function listLedgerEntries(
  tx: TenantTransaction,
  filter: LedgerFilter,
  page: { readonly before: string | undefined; readonly limit: number },
): Promise<LedgerEntry[]> {
  const rows = await tx.query<EntryRow>(
    `select ${columns} from ledger_entries
     where tenant_id = $1 and ($2::text is null or run_id = $2) and ($3::timestamptz is null or occurred_at >= $3)
       and ($4::timestamptz is null or occurred_at < $4) and ($5::text is null or environment_id = $5)
       and ($6::text is null or id < $6)
     order by id desc limit $7`,
    [
      tx.tenantId,
      filter.runId ?? null,
      filter.from ?? null,
      filter.to ?? null,
      filter.environmentId ?? null,
      page.before ?? null,
      page.limit,
    ],
  );
  return rows.map(toEntry);
}

/** How far the chain of the organization reaches; 0 before its first seal. */
export async function readChainHead(tx: TenantTransaction): Promise<bigint> {
  const [row] = await tx.query<{ head: string | null }>(
    `select max(chain_number) as head from ledger_entries where tenant_id = $1`,
    [tx.tenantId],
  );
  return BigInt(row?.head ?? 0);
}

/** Sealed entries in the order of the chain, after number `after` and up to `head`. */
export async function readChain(
  tx: TenantTransaction,
  range: { readonly after: bigint; readonly head: bigint },
  limit: number,
): Promise<LedgerEntry[]> {
  const rows = await tx.query<EntryRow>(
    `select ${columns} from ledger_entries
     where tenant_id = $1 and chain_number > $2::bigint and chain_number <= $3::bigint order by chain_number limit $4`,
    [tx.tenantId, range.after.toString(), range.head.toString(), limit],
  );
  return rows.map(toEntry);
}

/**
 * Entries that were not part of the chain when it reached `head`, oldest first, after `after`. They are given as not
 * sealed even where they have been since: whoever reads the chain up to `head` first and these then has each once.
 */
export async function readUnchained(
  tx: TenantTransaction,
  range: { readonly after: string | undefined; readonly head: bigint },
  limit: number,
): Promise<LedgerEntry[]> {
  const rows = await tx.query<EntryRow>(
    `select ${columns} from ledger_entries
     where tenant_id = $1 and (chain_number is null or chain_number > $2::bigint) and ($3::text is null or id > $3)
     order by id limit $4`,
    [tx.tenantId, range.head.toString(), range.after ?? null, limit],
  );
  return rows.map((row) => ({ ...toEntry(row), sealed: null }));
}
