import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import { isOver, type Run } from '../api/environment-queries.js';
import { count, duration } from '../api/format.js';
import { stateLook } from '../ui/badge.js';
import { EmptyState, ErrorState, Skeleton } from '../ui/states.js';
import { useNow } from '../ui/time.js';
import { type Bar, ganttRows, type GanttRow, tickName, ticks } from './gantt-rows.js';
import { useTimeline } from './run-data.js';
import { useSelection } from './selection.js';

const rowHeight = 26;

/** When each attempt waited and worked. */
export function GanttView({ run, live }: { readonly run: Run; readonly live: boolean }) {
  const timeline = useTimeline(run.id);
  const now = useNow(live);
  const created = Date.parse(run.createdAt);
  const end = run.endedAt === null ? now : Date.parse(run.endedAt);
  const { items } = timeline;
  const rows = useMemo(() => ganttRows(items ?? [], created, now), [items, created, now]);
  const last = useMemo(() => rows.reduce((far, { bars }) => Math.max(far, bars.at(-1)?.to ?? 0), 0), [rows]);
  if (items === undefined) {
    if (timeline.error === null) return <Skeleton lines={8} />;
    return <ErrorState error={timeline.error} onRetry={timeline.refetch} />;
  }
  if (rows.length === 0) {
    return (
      <EmptyState icon="gantt" title={isOver(run.state) ? 'No attempt was begun' : 'No attempt has begun yet'}>
        Waits hold no runner and are not drawn.
      </EmptyState>
    );
  }
  return (
    <>
      {timeline.error !== null && <ErrorState error={timeline.error} onRetry={timeline.refetch} />}
      <Chart rows={rows} span={Math.max(1, end - created, last)} />
      <div className="gantt__foot">
        <span className="gantt__key gantt__key--wait">waited for a runner</span>
        <span className="gantt__key gantt__key--work">worked, in the colour of the state</span>
        <span className="number" role="status">
          {count(rows.length, 'instance')}
          {timeline.hasMore && ', reading more…'}
        </span>
      </div>
    </>
  );
}

function Chart({ rows, span }: { readonly rows: readonly GanttRow[]; readonly span: number }) {
  const box = useRef<HTMLDivElement>(null);
  const { selected, select } = useSelection();
  const lines = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 15,
  });
  const shown = lines.getVirtualItems();
  return (
    <div className="gantt" ref={box} tabIndex={0} role="region" aria-label="Attempts over time">
      <div className="gantt__axis" aria-hidden="true">
        {ticks(span).map((tick) => (
          <span key={tick} style={{ left: `${(tick / span) * 100}%` }}>
            {tickName(tick)}
          </span>
        ))}
      </div>
      <ul className="virtual" style={{ height: lines.getTotalSize() }}>
        {shown.map((line) => {
          const row = rows[line.index];
          if (row === undefined) return null;
          const isSelected = selected?.task === row.task && selected.mapIndex === row.mapIndex;
          return (
            <li
              key={row.name}
              className={isSelected ? 'gantt__row gantt__row--selected' : 'gantt__row'}
              style={{ transform: `translateY(${line.start}px)`, height: rowHeight }}
            >
              <button
                type="button"
                className="gantt__name"
                aria-label={`${row.name}: ${words(row.bars)}`}
                title={row.name}
                data-opens={row.name}
                onClick={() => select({ task: row.task, mapIndex: row.mapIndex })}
              >
                {row.name}
              </button>
              <span className="gantt__bars" title={words(row.bars)}>
                {row.bars.map((bar) => (
                  <Stretch key={bar.id} bar={bar} span={span} />
                ))}
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function Stretch({ bar, span }: { readonly bar: Bar; readonly span: number }) {
  const part = (ms: number): string => `${(ms / span) * 100}%`;
  return (
    <>
      <span
        className="gantt__wait"
        style={{ left: part(bar.from), width: part(Math.max(0, bar.started - bar.from)) }}
      />
      <span
        className="gantt__work"
        style={{
          left: part(bar.started),
          width: part(bar.to - bar.started),
          background: `var(--state-${bar.state === 'leased' ? 'running' : bar.state === 'timed_out' ? 'failed' : bar.state})`,
        }}
      />
    </>
  );
}

function words(bars: readonly Bar[]): string {
  return bars
    .map(({ state, from, started, to, way }) => {
      const waited = `waited ${duration(Math.max(0, started - from))}`;
      return `${stateLook(state).word}, ${waited}, worked ${duration(to - started)}, ${way}`;
    })
    .join('; then ');
}
