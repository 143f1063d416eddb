import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  memo,
  type MouseEvent,
  type PointerEvent,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import type { Run } from '../api/environment-queries.js';
import { stateLook } from '../ui/badge.js';
import { ErrorState } from '../ui/states.js';
import { cellAfterKey } from './cells-keys.js';
import { type Instances, useInstances } from './run-data.js';
import { instanceName, useSelection } from './selection.js';

const cellSize = 18;
/** Lines that are drawn on either side of those in sight. */
const overscan = 4;

/** The instances of a mapped task, as many as fit beside each other; only those in sight are drawn and read. */
export function Cells({ run, task, length }: { readonly run: Run; readonly task: string; readonly length: number }) {
  const { selected, select } = useSelection();
  const chosen = selected?.task === task ? selected.mapIndex : -1;
  const box = useRef<HTMLDivElement>(null);
  const [perLine, setPerLine] = useState(0);
  /** The one cell that Tab leads to. */
  const [active, setActive] = useState(Math.max(0, chosen));
  /** The cell that gets the focus as soon as it is drawn, so many in a line. */
  const due = useRef<{ readonly index: number; readonly perLine: number }>(undefined);
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const watch = new ResizeObserver(() => {
      const style = getComputedStyle(element);
      const width = element.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      const fitting = Math.max(8, Math.floor(width / cellSize));
      const focused = document.activeElement;
      // The cell moves into another line, which is another element.
      if (focused instanceof HTMLElement && element.contains(focused)) {
        due.current = { index: Number(focused.dataset['at'] ?? '0'), perLine: fitting };
      } else if (due.current !== undefined) due.current = { ...due.current, perLine: fitting };
      setPerLine(fitting);
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  const lines = useVirtualizer({
    count: perLine === 0 ? 0 : Math.ceil(length / perLine),
    getScrollElement: () => box.current,
    estimateSize: () => cellSize,
    overscan,
    // The line with the focus stays, wherever one scrolls, or the focus would be lost.
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      const line = Math.floor(active / Math.max(1, perLine));
      return shown.includes(line) || line >= range.count ? shown : [...shown, line].toSorted((a, b) => a - b);
    },
  });
  const range = lines.range ?? { startIndex: 0, endIndex: 0 };
  const instances = useInstances(
    run.id,
    task,
    (range.startIndex - overscan) * perLine,
    Math.min(length, (range.endIndex + 1 + overscan) * perLine) - 1,
  );
  // Whoever looks at another one, from the panel or by the address, goes on from there.
  const [looked, setLooked] = useState(chosen);
  if (looked !== chosen) {
    setLooked(chosen);
    if (chosen >= 0) setActive(chosen);
  }
  const { scrollToIndex } = lines;
  useEffect(() => {
    if (perLine > 0 && chosen >= 0) scrollToIndex(Math.floor(chosen / perLine));
  }, [perLine, chosen, scrollToIndex]);
  useLayoutEffect(() => {
    if (due.current?.perLine !== perLine) return;
    const cell = box.current?.querySelector<HTMLElement>(`[data-at="${due.current.index}"]`);
    if (cell === null || cell === undefined) return;
    due.current = undefined;
    cell.focus({ preventScroll: true });
  });
  const onKey = (event: KeyboardEvent): void => {
    const linesInSight = range.endIndex - range.startIndex;
    const next = cellAfterKey(event.key, event.ctrlKey || event.metaKey, active, { perLine, length, linesInSight });
    if (next === undefined || event.altKey) return;
    event.preventDefault();
    due.current = { index: next, perLine };
    setActive(next);
    scrollToIndex(Math.floor(next / perLine));
  };
  // Of all cells at once: a listener and a title for each would be the larger part of drawing them.
  const onClick = ({ target }: MouseEvent): void => {
    const index = cellOf(target)?.dataset['at'];
    if (index === undefined) return;
    setActive(Number(index));
    select({ task, mapIndex: Number(index) });
  };
  const onPointerOver = ({ target }: PointerEvent): void => {
    const cell = cellOf(target);
    if (cell !== undefined) cell.title = cell.ariaLabel ?? '';
  };
  return (
    <>
      {instances.error !== null && <ErrorState error={instances.error} onRetry={instances.refetch} />}
      <div
        className="cells"
        ref={box}
        role="grid"
        aria-label={`Instances of ${task}`}
        aria-rowcount={perLine === 0 ? undefined : Math.ceil(length / perLine)}
        aria-colcount={perLine === 0 ? undefined : perLine}
        onKeyDown={onKey}
        onClick={onClick}
        onPointerOver={onPointerOver}
      >
        <div className="virtual" role="rowgroup" style={{ height: lines.getTotalSize() }}>
          {lines.getVirtualItems().map(({ index, start }) => (
            <CellLine
              key={index}
              task={task}
              line={index}
              start={start}
              first={index * perLine}
              count={Math.min(perLine, length - index * perLine)}
              states={statesOf(instances, index * perLine, Math.min(perLine, length - index * perLine))}
              chosen={inLine(chosen, index, perLine)}
              active={inLine(active, index, perLine)}
            />
          ))}
        </div>
      </div>
    </>
  );
}

/** The index where it is in the line, else -1, so that the other lines stay as they are. */
function inLine(index: number, line: number, perLine: number): number {
  return Math.floor(index / perLine) === line ? index : -1;
}

function cellOf(target: EventTarget): HTMLElement | undefined {
  const cell = target instanceof Element ? target.closest('.cell') : null;
  return cell instanceof HTMLElement ? cell : undefined;
}

/** The states of a line as one text, empty where one is not read yet: the same text, the same line. */
function statesOf({ at }: Instances, first: number, count: number): string {
  let states = '';
  for (let index = first; index < first + count; index += 1) states += `${at(index)?.state ?? ''},`;
  return states;
}

const CellLine = memo(function CellLine({
  task,
  line,
  start,
  first,
  count,
  states,
  chosen,
  active,
}: {
  readonly task: string;
  readonly line: number;
  readonly start: number;
  readonly first: number;
  readonly count: number;
  readonly states: string;
  readonly chosen: number;
  readonly active: number;
}) {
  const each = states.split(',');
  return (
    <div className="cells__line" role="row" aria-rowindex={line + 1} style={{ transform: `translateY(${start}px)` }}>
      {Array.from({ length: count }, (_, column) => {
        const index = first + column;
        const state = each[column] === '' ? undefined : each[column];
        const name = instanceName({ task, mapIndex: index });
        return (
          <button
            key={index}
            type="button"
            role="gridcell"
            className="cell"
            data-at={index}
            data-opens={name}
            data-state={state}
            tabIndex={index === active ? 0 : -1}
            aria-selected={index === chosen}
            aria-label={`${name}: ${state === undefined ? 'being read' : stateLook(state).word}`}
          />
        );
      })}
    </div>
  );
});
