import type { Day, Month, Year } from './weather.js';

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function summarise(year: number, month: number, days: readonly Day[]): Month {
  return {
    year,
    month,
    days: days.length,
    wet_days: days.filter((day) => day.rainMm >= 1).length,
    rain_mm: days.reduce((sum, day) => sum + day.rainMm, 0),
    mean_max_c: mean(days.map((day) => day.maxC)),
    mean_min_c: mean(days.map((day) => day.minC)),
  };
}

/** One year of days -> its twelve months. */
export default function transform(input: Year, ctx: { log: { info(text: string): void } }): { year: number; months: Month[] } {
  const byMonth = new Map<number, Day[]>();
  for (const day of input.days) {
    const month = Number(day.date.slice(5, 7));
    byMonth.set(month, [...(byMonth.get(month) ?? []), day]);
  }
  const months = [...byMonth].map(([month, days]) => summarise(input.year, month, days));
  ctx.log.info(`${input.year}: ${input.days.length} days -> ${months.length} months`);
  return { year: input.year, months };
}
