import type { Month } from './weather.js';

interface Summary {
  readonly city: string;
  readonly wettest: { readonly year: number; readonly month: number; readonly rain_mm: number };
  readonly years: readonly { readonly year: number; readonly rain_mm: number; readonly mean_max_c: number }[];
}

interface Context {
  readonly log: { info(text: string): void };
  artifact(name: string, data: string, options: { contentType: string }): void;
}

const width = 960;
const height = 320;
const margin = 40;

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function chart(city: string, months: readonly Month[]): string {
  const most = Math.max(...months.map((month) => month.rain_mm));
  const step = (width - 2 * margin) / months.length;
  const bars = months.map((month, index) => {
    const tall = (month.rain_mm / most) * (height - 2 * margin);
    const x = margin + index * step;
    return `<rect x="${x.toFixed(1)}" y="${(height - margin - tall).toFixed(1)}" width="${(step * 0.8).toFixed(1)}" height="${tall.toFixed(1)}" fill="#2a6f97"><title>${month.year}-${String(month.month).padStart(2, '0')}: ${month.rain_mm} mm</title></rect>`;
  });
  const labels = months
    .filter((month) => month.month === 1)
    .map((month) => {
      const x = margin + months.indexOf(month) * step;
      return `<text x="${x.toFixed(1)}" y="${height - margin + 18}" font-size="12">${month.year}</text>`;
    });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${margin}" y="24" font-size="16">Rain by month in ${escape(city)}, mm</text>`,
    `<line x1="${margin}" y1="${height - margin}" x2="${width - margin}" y2="${height - margin}" stroke="#999"/>`,
    ...bars,
    ...labels,
    '</svg>',
  ].join('\n');
}

/** Writes the report and its chart as artifacts. */
export default function report(input: { summary: Summary; months: Month[] }, ctx: Context): { title: string } {
  const { summary, months } = input;
  const svg = chart(summary.city, months);
  const title = `Weather of ${summary.city}`;
  const rows = summary.years.map(
    (year) => `<tr><td>${year.year}</td><td>${year.rain_mm.toFixed(1)}</td><td>${year.mean_max_c.toFixed(1)}</td></tr>`,
  );
  ctx.artifact('rain.svg', svg, { contentType: 'image/svg+xml' });
  ctx.artifact(
    'report.html',
    [
      '<!doctype html><meta charset="utf-8">',
      `<title>${escape(title)}</title><h1>${escape(title)}</h1>`,
      `<p>Wettest month: ${summary.wettest.year}-${String(summary.wettest.month).padStart(2, '0')} with ${summary.wettest.rain_mm} mm.</p>`,
      '<table><tr><th>year</th><th>rain, mm</th><th>mean maximum, °C</th></tr>',
      ...rows,
      '</table>',
      svg,
    ].join('\n'),
    { contentType: 'text/html' },
  );
  ctx.log.info(`report on ${months.length} months written`);
  return { title };
}
