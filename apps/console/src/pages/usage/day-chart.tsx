import type { Schemas } from '@millrace/clients';
import { useEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { dollars } from '../../api/format.js';
import { useIsDark } from '../../shell/theme.js';

type UsageLine = Schemas['UsageLine'];

const dayMs = 86_400_000;
const height = 180;

/** Costs of the days from `from` to `to`, those without any included. */
function daysOf(lines: readonly UsageLine[], from: string, to: string): readonly { day: string; nanoUsd: bigint }[] {
  const costs = new Map(lines.map((line) => [line.key, BigInt(line.total.nanoUsd)]));
  const days: { day: string; nanoUsd: bigint }[] = [];
  for (let at = Date.parse(from.slice(0, 10)); at < Date.parse(to); at += dayMs) {
    const day = new Date(at).toISOString().slice(0, 10);
    days.push({ day, nanoUsd: costs.get(day) ?? 0n });
  }
  return days;
}

/** The colour that a custom property has now: a canvas does not know of them. */
function colorOf(element: HTMLElement, name: string): string {
  element.style.color = `var(${name})`;
  const { color } = getComputedStyle(element);
  element.style.color = '';
  return color;
}

function shortDay(seconds: number): string {
  return new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', timeZone: 'UTC' }).format(seconds * 1000);
}

/** Costs by day as bars, with the same figures as a table for who cannot see them. */
export function DayChart({
  lines,
  from,
  to,
}: {
  readonly lines: readonly UsageLine[];
  readonly from: string;
  readonly to: string;
}) {
  const box = useRef<HTMLDivElement>(null);
  const isDark = useIsDark();
  const days = useMemo(() => daysOf(lines, from, to), [lines, from, to]);
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const bar = colorOf(element, '--state-running');
    const text = colorOf(element, '--text-muted');
    const line = colorOf(element, '--border');
    const bars = uPlot.paths.bars?.({ size: [0.7, 28], radius: 0.15 });
    const chart = new uPlot(
      {
        width: element.clientWidth,
        height,
        cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
        legend: { show: true, live: true, markers: { show: false } },
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'UTC'),
        scales: {
          x: { time: true, range: (_, low, high) => [low - 43_200, high + 43_200] },
          y: { range: (_, __, high) => [0, high > 0 ? high * 1.1 : 1] },
        },
        series: [
          { label: 'Day', value: (_, seconds) => (seconds === null ? '—' : shortDay(seconds)) },
          {
            label: 'Cost',
            fill: bar,
            width: 0,
            ...(bars === undefined ? {} : { paths: bars }),
            points: { show: false },
            value: (_, __, ___, index) => (index === null ? '—' : dollars(days[index]?.nanoUsd ?? 0n)),
          },
        ],
        axes: [
          {
            stroke: text,
            grid: { show: false },
            ticks: { stroke: line },
            space: 60,
            incrs: [86_400, 2 * 86_400, 7 * 86_400, 14 * 86_400],
            values: (_, splits) => splits.map(shortDay),
          },
          {
            stroke: text,
            grid: { stroke: line, width: 1 },
            ticks: { show: false },
            size: 84,
            values: (_, splits) => splits.map((usd) => dollars(BigInt(Math.round(usd * 1e9)))),
          },
        ],
      },
      [days.map(({ day }) => Date.parse(day) / 1000), days.map(({ nanoUsd }) => Number(nanoUsd) / 1e9)],
      element,
    );
    const watch = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      chart.destroy();
    };
  }, [days, isDark]);
  return (
    <>
      <div ref={box} className="day-chart" aria-hidden="true" />
      <table className="visually-hidden">
        <caption>Cost by day</caption>
        <tbody>
          {days
            .filter(({ nanoUsd }) => nanoUsd > 0n)
            .map(({ day, nanoUsd }) => (
              <tr key={day}>
                <th scope="row">{day}</th>
                <td>{dollars(nanoUsd)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </>
  );
}
