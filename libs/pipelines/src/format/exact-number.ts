/** A number as a definition may hold it must survive a JavaScript number; what does not is refused, never changed. */
export function exactNumber(source: string, value: number): { message: string; hint: string } | undefined {
  const hint = 'write it as a text, or as an expression: ${{ 1152921504606846977 }}';
  if (!Number.isFinite(value)) return { message: `${source} is not a number that JSON can hold`, hint };
  if (Number.isInteger(value) && !Number.isSafeInteger(value) && /^[-+]?\d+$/.test(source)) {
    return { message: `${source} is larger than 2^53 and would lose digits`, hint };
  }
  return undefined;
}
