/** One attempt on the time axis; milliseconds since the epoch. */
export interface Bar {
  readonly label: string;
  readonly queuedAtMs: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly note: string;
}

const width = 44;

function cell(bar: Bar, fromMs: number, toMs: number): string {
  const isRunning = bar.startedAtMs < toMs && bar.endedAtMs >= fromMs;
  if (isRunning) return '█';
  return bar.queuedAtMs < toMs && bar.startedAtMs >= fromMs ? '░' : ' ';
}

/** The attempts as bars over one axis: `░` waiting for a runner, `█` running. */
export function drawBars(bars: readonly Bar[]): string[] {
  const first = bars[0];
  if (first === undefined) return [];
  const from = Math.min(...bars.map((bar) => bar.queuedAtMs));
  const to = Math.max(...bars.map((bar) => bar.endedAtMs), from + 1);
  const step = (to - from) / width;
  const labels = Math.max(...bars.map((bar) => bar.label.length));
  const lines = bars.map((bar) => {
    const cells = Array.from({ length: width }, (_, index) =>
      cell(bar, from + index * step, from + (index + 1) * step),
    );
    const ms = Math.round(bar.endedAtMs - bar.startedAtMs);
    return `${bar.label.padEnd(labels)} │${cells.join('')}│ ${String(ms).padStart(5)} ms  ${bar.note}`;
  });
  return [...lines, `${''.padEnd(labels)} └${'─'.repeat(width)}┘ ${((to - from) / 1000).toFixed(2)} s in all`];
}
