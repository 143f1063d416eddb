import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import { isOver, type Run } from '../api/environment-queries.js';
import { duration } from '../api/format.js';
import { stateLook } from '../ui/badge.js';
import { EmptyState, ErrorState, Skeleton } from '../ui/states.js';
import { useNow } from '../ui/time.js';
import { type Bar, ganttRows, type GanttRow, ticks } from './gantt-rows.js';
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
  if (items === undefined) {
    if (timeline.error === null) return <Skeleton lines={8} />;
    return <ErrorState error={timeline.error} onRetry={() => void timeline.refetch()} />;
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
      {timeline.error !== null && <ErrorState error={timeline.error} onRetry={() => void timeline.refetch()} />}
      <Chart
        rows={rows}
        span={Math.max(1, end - created)}
        hasMore={timeline.hasNextPage && !timeline.isFetchingNextPage}
        onMore={timeline.fetchNextPage}
      />
    </>
  );
}

function Chart({
  rows,
  span,
  hasMore,
  onMore,
}: {
  readonly rows: readonly GanttRow[];
  readonly span: number;
  readonly hasMore: boolean;
  readonly onMore: () => unknown;
}) {
  const box = useRef<HTMLDivElement>(null);
  const { selected, select } = useSelection();
  const lines = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 15,
  });
  const shown = lines.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && lastShown >= rows.length - 20) onMore();
  }, [hasMore, lastShown, rows.length, onMore]);
  return (
    <div className="gantt" ref={box} tabIndex={0} role="region" aria-label="Attempts over time">
      <div className="gantt__axis" aria-hidden="true">
        {ticks(span).map((tick) => (
          <span key={tick} style={{ left: `${(tick / span) * 100}%` }}>
            {duration(tick)}
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
    .map(({ state, from, started, to }) => {
      const waited = `waited ${duration(Math.max(0, started - from))}`;
      return `${stateLook(state).word}, ${waited}, worked ${duration(to - started)}`;
    })
    .join('; then ');
}
