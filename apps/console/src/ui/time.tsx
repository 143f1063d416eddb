import { useEffect, useState } from 'react';
import { absolute, duration, fromNow } from '../api/format.js';

// One clock for all times of a page.
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function listen(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    if (!document.hidden) for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time, moving on every second while `live`. */
export function useNow(live = true): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => (live ? listen(() => setNow(Date.now())) : undefined), [live]);
  return now;
}

/** `4 min ago`, with the full time as its title. */
export function RelativeTime({ at }: { readonly at: string }) {
  const now = useNow();
  return (
    <time className="above" dateTime={at} title={absolute(at)}>
      {fromNow(at, now)}
    </time>
  );
}

/** How long something took, or has taken so far. */
export function Elapsed({ from, to }: { readonly from: string | null; readonly to: string | null }) {
  const now = useNow(from !== null && to === null);
  if (from === null) return <span className="faint">—</span>;
  return <span className="number">{duration((to === null ? now : Date.parse(to)) - Date.parse(from))}</span>;
}
