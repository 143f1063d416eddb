/** `0.000000123` dollars as nano-dollars: exact, with as many digits as say something and two at least. */
export function dollars(nanoUsd: string | bigint): string {
  const amount = BigInt(nanoUsd);
  const sign = amount < 0n ? '−' : '';
  const digits = (amount < 0n ? -amount : amount).toString().padStart(10, '0');
  const whole = digits.slice(0, -9).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  const fraction = digits.slice(-9);
  // Above a cent nobody reads further than a hundredth of a cent.
  const kept = amount >= 10_000_000n || amount <= -10_000_000n ? fraction.slice(0, 4) : fraction;
  return `${sign}$${whole}.${kept.replace(/0+$/, '').padEnd(2, '0')}`;
}

/** `83 ms`, `4.2 s`, `3 min 05 s`, `2 h 11 min`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** `just now`, `12 s ago`, `4 min ago`, `in 3 d`, for the time now. */
export function fromNow(at: string, now: number): string {
  const seconds = Math.round((now - Date.parse(at)) / 1000);
  const distance = Math.abs(seconds);
  if (distance < 5) return 'just now';
  const words =
    distance < 60
      ? `${distance} s`
      : distance < 3600
        ? `${Math.floor(distance / 60)} min`
        : distance < 86_400
          ? `${Math.floor(distance / 3600)} h`
          : distance < 45 * 86_400
            ? `${Math.floor(distance / 86_400)} d`
            : distance < 700 * 86_400
              ? `${Math.round(distance / (30.4 * 86_400))} months`
              : `${Math.round(distance / (365 * 86_400))} years`;
  return seconds >= 0 ? `${words} ago` : `in ${words}`;
}

/** `2026-11-24 12:01:07.123 UTC+1`: the person's clock, for titles. */
export function absolute(at: string): string {
  return new Intl.DateTimeFormat(undefined, {
    dateStyle: 'full',
    timeStyle: 'long',
  }).format(new Date(at));
}

/** `1.4 MiB`. */
export function bytes(count: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

export function count(amount: number, one: string, many = `${one}s`): string {
  return `${amount.toLocaleString('en-US')} ${amount === 1 ? one : many}`;
}
