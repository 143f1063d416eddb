const unitMs = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;

/** The form of a duration: at least one part, the largest unit first. */
export const durationForm = /^(?!$)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d{1,3})?)s)?(?:(\d+)ms)?$/;

/** Milliseconds of `500ms`, `10s`, `1.5s`, `5m`, `1h30m`, `2d`; undefined where the text is not a duration. */
export function parseDuration(text: string): number | undefined {
  const match = durationForm.exec(text);
  if (match === null || text.length > 40) return undefined;
  const [, d, h, m, s, ms] = match;
  const parts = [
    Number(d ?? 0) * unitMs.d,
    Number(h ?? 0) * unitMs.h,
    Number(m ?? 0) * unitMs.m,
    Number(s ?? 0) * unitMs.s,
    Number(ms ?? 0),
  ];
  const total = Math.round(parts.reduce((sum, part) => sum + part, 0));
  return Number.isSafeInteger(total) ? total : undefined;
}

/** The shortest text that `parseDuration` takes back. */
export function formatDuration(ms: number): string {
  let rest = ms;
  let text = '';
  for (const [unit, size] of Object.entries(unitMs)) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text === '' ? '0s' : text;
}
