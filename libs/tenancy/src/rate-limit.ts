import type { ControlTransaction } from '@millrace/database';

/** A token bucket: `capacity` at once, refilled evenly over `windowSeconds`. */
export interface RatePolicy {
  readonly name: string;
  readonly capacity: number;
  readonly windowSeconds: number;
}

export interface RateDecision {
  readonly allowed: boolean;
  /** Whole tokens left after this. */
  readonly remaining: number;
  /** Seconds until a token is there again (0 while some are left). */
  readonly retryAfterSeconds: number;
}

const available = `least($2::float8, rate_limits.tokens
  + greatest(0, extract(epoch from clock_timestamp() - rate_limits.refilled_at)) * $3::float8)`;

/**
 * Takes `cost` tokens from the bucket, or none where there are fewer: one statement, so it holds among all processes.
 * A refusal writes nothing.
 */
export async function takeTokens(
  tx: ControlTransaction,
  policy: RatePolicy,
  bucket: string,
  cost = 1,
): Promise<RateDecision> {
  const key = `${policy.name}:${bucket}`;
  const perSecond = policy.capacity / policy.windowSeconds;
  const taken = await tx.query<{ tokens: number }>(
    `insert into rate_limits (bucket, tokens, refilled_at) values ($1, $2::float8 - $4::float8, clock_timestamp())
     on conflict (bucket) do update set tokens = ${available} - $4::float8, refilled_at = clock_timestamp()
     where ${available} >= $4::float8
     returning tokens`,
    [key, policy.capacity, perSecond, cost],
  );
  const [row] = taken;
  if (row !== undefined) return { allowed: true, remaining: Math.floor(row.tokens), retryAfterSeconds: 0 };
  const [left] = await tx.query<{ tokens: number }>(
    `select ${available} as tokens from rate_limits where bucket = $1 and $3::float8 > 0`,
    [key, policy.capacity, perSecond],
  );
  const tokens = left?.tokens ?? 0;
  return {
    allowed: false,
    remaining: Math.floor(Math.max(0, tokens)),
    retryAfterSeconds: Math.max(1, Math.ceil((cost - tokens) / perSecond)),
  };
}

/** Whole tokens in the bucket, of which none is taken. */
export async function readTokens(tx: ControlTransaction, policy: RatePolicy, bucket: string): Promise<number> {
  const [row] = await tx.query<{ tokens: number }>(`select ${available} as tokens from rate_limits where bucket = $1`, [
    `${policy.name}:${bucket}`,
    policy.capacity,
    policy.capacity / policy.windowSeconds,
  ]);
  return Math.floor(row?.tokens ?? policy.capacity);
}

/** Fills the bucket again, for example after a log-in that succeeded. */
export async function resetTokens(tx: ControlTransaction, policy: RatePolicy, bucket: string): Promise<void> {
  await tx.query(`delete from rate_limits where bucket = $1`, [`${policy.name}:${bucket}`]);
}
