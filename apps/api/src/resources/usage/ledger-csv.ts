import { type LedgerEntry, readChain, readChainHead, readUnchained } from '@millrace/billing';
import type { TenantDatabase } from '@millrace/database';
import type { TenantId } from '@millrace/kernel';

type Cell = string | number | bigint | null;

/** Columns of the export, in order: everything that a row's hash is made of, and the chain itself. */
const columns: readonly (readonly [string, (entry: LedgerEntry) => Cell])[] = [
  ['number', (entry) => entry.sealed?.number ?? null],
  ['id', (entry) => entry.id],
  ['kind', (entry) => entry.kind],
  ['attempt_id', (entry) => entry.attemptId],
  ['run_id', (entry) => entry.runId],
  ['task_id', (entry) => entry.taskId],
  ['map_index', (entry) => entry.mapIndex],
  ['pipeline_id', (entry) => entry.pipelineId],
  ['environment_id', (entry) => entry.environmentId],
  ['meter', (entry) => entry.meter],
  ['size', (entry) => entry.size],
  ['quantity', (entry) => entry.quantity],
  ['unit_price_nano', (entry) => entry.unitPrice],
  ['amount_nano', (entry) => entry.amount],
  ['category', (entry) => entry.category],
  ['occurred_at', (entry) => entry.occurredAt],
  ['prev_hash', (entry) => entry.sealed?.prevHash ?? null],
  ['hash', (entry) => entry.sealed?.hash ?? null],
];

const batch = 1_000;

/** RFC 4180: quoted where it has to be. */
function cell(value: Cell): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function record(cells: readonly Cell[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

/**
 * The whole ledger of an organization as CSV: the chain in its order, then what was not sealed when the export began.
 * Each entry once, although entries come and are sealed meanwhile, and without a transaction that outlives a batch.
 */
export async function* ledgerCsv(tenants: TenantDatabase, tenantId: TenantId): AsyncGenerator<string> {
  yield record(columns.map(([name]) => name));
  const head = await tenants.read(tenantId, readChainHead);
  const text = (entries: readonly LedgerEntry[]): string =>
    entries.map((entry) => record(columns.map(([, value]) => value(entry)))).join('');
  for (let after = 0n; after < head;) {
    const entries = await tenants.read(tenantId, (tx) => readChain(tx, { after, head }, batch));
    yield text(entries);
    after = entries.length < batch ? head : (entries.at(-1)?.sealed?.number ?? head);
  }
  for (let after: string | undefined; ;) {
    const from = after;
    const entries = await tenants.read(tenantId, (tx) => readUnchained(tx, { after: from, head }, batch));
    if (entries.length > 0) yield text(entries);
    if (entries.length < batch) return;
    after = entries.at(-1)?.id;
  }
}
