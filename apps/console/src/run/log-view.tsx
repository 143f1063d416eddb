import type { Schemas } from '@millrace/clients';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type UIEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { client } from '../api/client.js';
import { count } from '../api/format.js';
import { Button } from '../ui/button.js';
import { ErrorState, Skeleton } from '../ui/states.js';
import { saveAs } from '../pages/usage/save-as.js';
import { instanceName, type Selected } from './selection.js';

type Line = Schemas['LogLine'];
type Entry = { readonly kind: 'line'; readonly line: Line } | { readonly kind: 'gap'; readonly gap: Schemas['LogGap'] };

interface LogState {
  readonly entries: readonly Entry[];
  readonly ended: boolean;
  readonly incomplete: boolean;
  readonly error: unknown;
}

const lineHeight = 18;
/** Older lines go out of the page, not out of the log. */
const keptLines = 100_000;
const nothing: LogState = { entries: [], ended: false, incomplete: false, error: null };

/** The log of one attempt as it is written. Lines come in groups, so that a chatty task does not choke the page. */
function useLog(run: string, { task, mapIndex }: Selected, attempt: number): LogState {
  const [state, setState] = useState<LogState>(nothing);
  useEffect(() => {
    setState(nothing);
    const abort = new AbortController();
    let pending: Entry[] = [];
    let due: ReturnType<typeof setTimeout> | undefined;
    const flush = (): void => {
      due = undefined;
      const added = pending;
      pending = [];
      if (added.length > 0) {
        setState((before) => ({ ...before, entries: [...before.entries, ...added].slice(-keptLines) }));
      }
    };
    const follow = async (): Promise<void> => {
      const options = { attempt, signal: abort.signal, ...(mapIndex < 0 ? {} : { mapIndex }) };
      for await (const event of client.followLog(run, task, options)) {
        if (event.kind === 'end') {
          flush();
          const incomplete = 'incomplete' in event.end && event.end.incomplete === true;
          setState((before) => ({ ...before, ended: true, incomplete }));
          return;
        }
        pending.push(event);
        due ??= setTimeout(flush, 80);
      }
    };
    follow().catch((error: unknown) => {
      if (!abort.signal.aborted) setState((before) => ({ ...before, error }));
    });
    return () => {
      abort.abort();
      clearTimeout(due);
    };
  }, [run, task, mapIndex, attempt]);
  return state;
}

function textOf(entry: Entry): string {
  if (entry.kind === 'line') return entry.line.text;
  const { from, to } = entry.gap;
  return from === to ? `line ${from} is missing` : `lines ${from}–${to} are missing`;
}

/** The log of an attempt: live, with its gaps named, searched as one types. */
export function LogView({
  run,
  selected,
  attempt,
  live,
}: {
  readonly run: string;
  readonly selected: Selected;
  readonly attempt: number;
  /** Whether the attempt still writes; then its end is shown, else its begin. */
  readonly live: boolean;
}) {
  const log = useLog(run, selected, attempt);
  const [wanted, setWanted] = useState('');
  const [follows, setFollows] = useState(live);
  const box = useRef<HTMLDivElement>(null);
  /** Where it was scrolled to: who scrolls back wants to read there, and is not carried off by new lines. */
  const furthest = useRef(0);
  const search = useId();
  const shown = useMemo(() => {
    const needle = wanted.toLowerCase();
    return needle === '' ? log.entries : log.entries.filter((entry) => textOf(entry).toLowerCase().includes(needle));
  }, [log.entries, wanted]);
  const lines = useVirtualizer({
    count: shown.length,
    getScrollElement: () => box.current,
    estimateSize: () => lineHeight,
    overscan: 30,
  });
  useEffect(() => {
    if (follows && shown.length > 0) lines.scrollToIndex(shown.length - 1, { align: 'end' });
  }, [follows, shown.length, lines]);
  const onScroll = ({ currentTarget: { scrollTop, scrollHeight, clientHeight } }: UIEvent): void => {
    const isBack = scrollTop < furthest.current - lineHeight;
    furthest.current = scrollTop;
    if (isBack) setFollows(false);
    else if (scrollHeight - scrollTop - clientHeight < 2 * lineHeight && !log.ended) setFollows(true);
  };
  const download = (): void => {
    const text = log.entries.map((entry) => `${textOf(entry)}\n`).join('');
    saveAs(new Blob([text], { type: 'text/plain' }), `${instanceName(selected)}-${attempt}.log`);
  };
  if (log.error !== null) return <ErrorState error={log.error} />;
  return (
    <div className="log">
      <div className="log__bar">
        <label className="visually-hidden" htmlFor={search}>
          Search the log
        </label>
        <input
          id={search}
          className="log__search"
          type="search"
          placeholder="Search the log"
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
        <span className="muted number" role="status">
          {wanted === '' ? count(shown.length, 'line') : `${shown.length} of ${count(log.entries.length, 'line')}`}
        </span>
        {!log.ended && (
          <label className="log__follow">
            <input type="checkbox" checked={follows} onChange={(event) => setFollows(event.target.checked)} /> Follow
          </label>
        )}
        <Button size="small" variant="quiet" icon="download" label="Download the log" onClick={download} />
      </div>
      {log.entries.length === 0 && !log.ended && <Skeleton lines={3} />}
      {log.entries.length === 0 && log.ended && <p className="faint">The attempt wrote nothing.</p>}
      {log.entries.length > 0 && (
        <div
          className="log__lines"
          ref={box}
          tabIndex={0}
          role="log"
          aria-live="off"
          aria-label="Log of the attempt"
          onScroll={onScroll}
        >
          <div className="virtual" style={{ height: lines.getTotalSize() }}>
            {lines.getVirtualItems().map((item) => {
              const entry = shown[item.index];
              if (entry === undefined) return null;
              return <LogRow key={item.key} entry={entry} top={item.start} />;
            })}
          </div>
        </div>
      )}
      {log.incomplete && <p className="log__note">The end of this log was lost with its runner.</p>}
    </div>
  );
}

function LogRow({ entry, top }: { readonly entry: Entry; readonly top: number }) {
  const style = { transform: `translateY(${top}px)`, height: lineHeight };
  if (entry.kind === 'gap') {
    return (
      <div className="log__line log__line--gap" style={style}>
        {textOf(entry)}
      </div>
    );
  }
  const { seq, at, stream, text } = entry.line;
  return (
    <div className={`log__line log__line--${stream}`} style={style} title={at}>
      <span className="log__seq">{seq}</span>
      {text}
    </div>
  );
}
