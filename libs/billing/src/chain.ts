import { createHash } from 'node:crypto';

/** What of a ledger row its hash covers: everything that has a meaning. Numbers as decimal text. */
export interface ChainedFacts {
  readonly id: string;
  readonly kind: string;
  readonly attemptId: string | null;
  readonly runId: string | null;
  readonly taskId: string | null;
  readonly mapIndex: number | null;
  readonly pipelineId: string | null;
  readonly environmentId: string | null;
  readonly meter: string;
  readonly size: string | null;
  readonly quantity: bigint | string;
  readonly unitPrice: bigint | string;
  readonly amount: bigint | string;
  readonly category: string;
  /** RFC 3339 in UTC with microseconds: `2026-11-24T08:00:00.123456Z`. */
  readonly occurredAt: string;
}

/** A row with its place in the chain of its organization; hashes are hexadecimal. */
export interface ChainedEntry extends ChainedFacts {
  readonly number: bigint;
  readonly prevHash: string;
  readonly hash: string;
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** What the first row of an organization's chain takes for the hash before it. */
export function chainOrigin(tenantId: string): string {
  return sha256(`millrace ledger of ${tenantId}`);
}

/**
 * Hash of a row: SHA-256 over the hash before it, a line feed, and a JSON list of the row's facts as texts, in this
 * order. Anybody can compute it from an export alone.
 */
export function chainHash(prevHash: string, number: bigint, facts: ChainedFacts): string {
  const list = [
    number.toString(),
    facts.id,
    facts.kind,
    facts.attemptId,
    facts.runId,
    facts.taskId,
    facts.mapIndex === null ? null : String(facts.mapIndex),
    facts.pipelineId,
    facts.environmentId,
    facts.meter,
    facts.size,
    facts.quantity.toString(),
    facts.unitPrice.toString(),
    facts.amount.toString(),
    facts.category,
    facts.occurredAt,
  ];
  return sha256(`${prevHash}\n${JSON.stringify(list)}`);
}

export type ChainVerdict =
  | { readonly ok: true; readonly entries: bigint; readonly total: bigint; readonly head: string }
  | { readonly ok: false; readonly number: bigint; readonly problem: string };

/**
 * Checks a whole chain, given in its order from number 1: no gap, no change, no sum that does not follow from quantity
 * and price. Stops at the first row that is wrong.
 */
export function verifyChain(tenantId: string, entries: Iterable<ChainedEntry>): ChainVerdict {
  let head = chainOrigin(tenantId);
  let number = 0n;
  let total = 0n;
  for (const entry of entries) {
    number += 1n;
    if (entry.number !== number) return broken(number, `number ${number} is missing; ${entry.number} follows`);
    if (entry.prevHash !== head) return broken(number, 'it does not follow from the row before it');
    if (entry.hash !== chainHash(head, number, entry)) return broken(number, 'it was changed after it was sealed');
    const amount = BigInt(entry.amount);
    if (entry.kind === 'usage' && amount !== BigInt(entry.quantity) * BigInt(entry.unitPrice)) {
      return broken(number, 'its amount is not quantity times price');
    }
    head = entry.hash;
    total += amount;
  }
  return { ok: true, entries: number, total, head };
}

function broken(number: bigint, problem: string): ChainVerdict {
  return { ok: false, number, problem };
}
