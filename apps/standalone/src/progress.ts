/** Tells people what happens. */
export type Say = (line: string) => void;

const started = performance.now();

/** A line on standard output with the seconds since this program was started. */
export const say: Say = (line) => {
  process.stdout.write(`[${(performance.now() / 1000).toFixed(1).padStart(5)} s] ${line}\n`);
};

/** Milliseconds since the platform's own start began (set-up before it not counted). */
export function sinceStartMs(): number {
  return Math.round(performance.now() - started);
}

/** Runs `work`; says so once it takes longer than 2 s, and again every 5 s. */
export async function during<T>(title: string, work: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  const tell = (): void => say(`${title}: ${Math.round((performance.now() - begun) / 1000)} s`);
  let ticker: NodeJS.Timeout | undefined;
  const first = setTimeout(() => {
    tell();
    ticker = setInterval(tell, 5_000);
  }, 2_000);
  try {
    return await work();
  } finally {
    clearTimeout(first);
    clearInterval(ticker);
  }
}
