/** Money is an integer count of nano-dollars (10^-9 US dollars); never a float. */
export type NanoDollars = bigint & { readonly __unit: 'nano_usd' };

export const nanoPerDollar = 1_000_000_000n;

export function nanoDollars(value: bigint): NanoDollars {
  return value as NanoDollars;
}

/** Exact decimal text in dollars, all nine decimals: `0.000000123`. */
export function formatDollars(value: bigint): string {
  const sign = value < 0n ? '-' : '';
  const abs = value < 0n ? -value : value;
  return `${sign}${abs / nanoPerDollar}.${(abs % nanoPerDollar).toString().padStart(9, '0')}`;
}
