import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

/** A task instance; `mapIndex` is -1 for a task that is not mapped, and for a mapped one as a whole. */
export interface Selected {
  readonly task: string;
  readonly mapIndex: number;
}

/** What of the run is looked at closely; it stands in the address, so that it can be sent to somebody. */
export function useSelection(): {
  readonly selected: Selected | undefined;
  readonly select: (chosen: Selected | undefined) => void;
} {
  const [search, setSearch] = useSearchParams();
  const task = search.get('task');
  const index = Number(search.get('index') ?? '-1');
  const select = useCallback(
    (chosen: Selected | undefined) => {
      setSearch(
        (before) => {
          const next = new URLSearchParams(before);
          next.delete('index');
          if (chosen === undefined) next.delete('task');
          else {
            next.set('task', chosen.task);
            if (chosen.mapIndex >= 0) next.set('index', String(chosen.mapIndex));
          }
          return next;
        },
        { replace: true },
      );
    },
    [setSearch],
  );
  return {
    selected: task === null ? undefined : { task, mapIndex: Number.isInteger(index) ? index : -1 },
    select,
  };
}

/** `load[3]`, or the name alone. */
export function instanceName({ task, mapIndex }: Selected): string {
  return mapIndex < 0 ? task : `${task}[${mapIndex}]`;
}
