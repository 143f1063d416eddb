import { readFile } from 'node:fs/promises';
import { csvParse } from 'd3-dsv';
import type { Day, Year } from './weather.js';

/** Reads the observations of one city and groups them by year. */
export default async function extract(input: { city: string }, ctx: { log: { info(text: string): void } }): Promise<{ years: Year[] }> {
  const text = await readFile(new URL('../data/weather.csv', import.meta.url), 'utf8');
  const days: Day[] = csvParse(text)
    .filter((row) => row['location'] === input.city)
    .map((row) => ({
      date: row['date'] ?? '',
      rainMm: Number(row['precipitation']),
      maxC: Number(row['temp_max']),
      minC: Number(row['temp_min']),
      kind: row['weather'] ?? '',
    }));
  if (days.length === 0) throw new Error(`no observations of ${input.city}`);
  const years = new Map<number, Day[]>();
  for (const day of days) {
    const year = Number(day.date.slice(0, 4));
    years.set(year, [...(years.get(year) ?? []), day]);
  }
  ctx.log.info(`${days.length} days of ${input.city} in ${years.size} years`);
  return { years: [...years].map(([year, of]) => ({ year, days: of })) };
}
