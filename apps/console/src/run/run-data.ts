import { answer, type Schemas } from '@millrace/clients';
import { useInfiniteQuery, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { api, client } from '../api/client.js';
import { given, isOver, type Run, useVersion } from '../api/environment-queries.js';

export type TaskInstance = Schemas['TaskInstance'];
export type TimelineEntry = Schemas['TimelineEntry'];
export type Attempt = Schemas['Attempt'];

/** A task of the version's plan, as far as the drawings need it. */
export interface PlannedTask {
  readonly id: string;
  readonly needs: readonly string[];
  readonly kind: string;
  readonly mapped: boolean;
  readonly conditional: boolean;
}

const pageSize = 200;

/** A part of a long list. What is settled will never read otherwise and is not asked for again. */
interface Part<Item> {
  readonly items: readonly Item[];
  readonly settled: boolean;
  readonly nextCursor: string | null;
}

function isSettled(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'settled' in data && data.settled === true;
}

const unfinished: ReadonlySet<string> = new Set(['waiting', 'queued', 'running', 'up_for_retry', 'sleeping']);

/** Where no event comes, such as behind a proxy that holds streams back, the page is this much behind. */
const fallbackMs = 5_000;

export function useRun(id: string) {
  return useQuery({
    queryKey: ['run', id],
    queryFn: () => answer(api.GET('/v1/runs/{run}', { params: { path: { run: id } } })),
    refetchInterval: ({ state }) => (state.data !== undefined && isOver(state.data.state) ? false : fallbackMs),
  });
}

/**
 * Asks for everything about the run anew when something happened in it: twice a second at most, and never before the
 * last answers are there, however many events there are.
 */
export function useRunEvents(id: string, live: boolean): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (!live) return undefined;
    const abort = new AbortController();
    let due: ReturnType<typeof setTimeout> | undefined;
    let isBusy = false;
    let hasNews = false;
    const refresh = async (): Promise<void> => {
      isBusy = true;
      hasNews = false;
      await queries.invalidateQueries(
        { queryKey: ['run', id], predicate: ({ state }) => !isSettled(state.data) },
        { cancelRefetch: false },
      );
      isBusy = false;
      if (hasNews && !abort.signal.aborted) soon();
    };
    const soon = (): void => {
      hasNews = true;
      if (isBusy) return;
      due ??= setTimeout(() => {
        due = undefined;
        void refresh();
      }, 500);
    };
    const follow = async (): Promise<void> => {
      for await (const event of client.runEvents(id, abort.signal)) if (event.kind !== 'attempt') soon();
    };
    // A stream that cannot be had, or that a proxy holds back, is no error for who reads it.
    const fallback = setInterval(soon, fallbackMs);
    follow().catch(() => undefined);
    return () => {
      abort.abort();
      clearInterval(fallback);
      clearTimeout(due);
      // The run has ended, or the page is left: what was read before that may have missed the end.
      void queries.invalidateQueries({ queryKey: ['run', id], predicate: ({ state }) => !isSettled(state.data) });
    };
  }, [id, live, queries]);
}

/** The tasks of the run's version with their edges. */
export function usePlan(run: Run) {
  const version = useVersion(run.environment, run.pipelineId, run.versionId);
  const plan = version.data?.plan as
    | { readonly tasks: readonly { id: string; needs: string[]; kind: string; map?: unknown; conditional: boolean }[] }
    | undefined;
  const tasks = plan?.tasks.map(({ id, needs, kind, map, conditional }): PlannedTask => ({
    id,
    needs,
    kind,
    mapped: map !== undefined,
    conditional,
  }));
  return { tasks, error: version.error, refetch: version.refetch };
}

/** All tasks of the run, mapped ones as one line with counts: at most 1,000, read in pages side by side with drawing. */
export function useTasks(id: string, live: boolean) {
  return useQuery({
    queryKey: ['run', id, 'tasks'],
    queryFn: async ({ signal }) => {
      const tasks: TaskInstance[] = [];
      let cursor: string | undefined;
      do {
        const page = await answer(
          api.GET('/v1/runs/{run}/tasks', {
            params: { path: { run: id }, query: { limit: pageSize, ...given({ cursor }) } },
            signal,
          }),
        );
        tasks.push(...page.data);
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      return tasks;
    },
    refetchInterval: live ? fallbackMs : false,
  });
}

export interface Instances {
  /** The instance of the index, once it has been read. */
  readonly at: (index: number) => TaskInstance | undefined;
  readonly error: Error | null;
  readonly refetch: () => void;
}

/** Instances of one mapped task: only the pages that hold the indexes from `first` to `last` are read. */
export function useInstances(id: string, task: string, first: number, last: number): Instances {
  const from = Math.max(0, Math.floor(first / pageSize));
  const pages = Array.from({ length: Math.max(0, Math.floor(last / pageSize) - from + 1) }, (_, page) => from + page);
  return useQueries({
    queries: pages.map((page) => ({
      queryKey: ['run', id, 'instances', task, page],
      queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Part<TaskInstance>> => {
        const { data } = await answer(
          api.GET('/v1/runs/{run}/tasks', {
            params: {
              path: { run: id },
              query: { task, limit: pageSize, fromIndex: String(page * pageSize) },
            },
            signal,
          }),
        );
        const items = data.filter(({ mapIndex }) => mapIndex < (page + 1) * pageSize);
        const settled = items.length === pageSize && items.every(({ state }) => !unfinished.has(state));
        return { items, settled, nextCursor: null };
      },
      staleTime: ({ state }: { readonly state: { readonly data: unknown } }) =>
        isSettled(state.data) ? Infinity : fallbackMs,
    })),
    combine: useCallback(
      (results: readonly { data?: Part<TaskInstance>; error: Error | null; refetch: () => unknown }[]): Instances => {
        const byIndex = new Map(results.flatMap(({ data }) => data?.items ?? []).map((each) => [each.mapIndex, each]));
        const failed = results.find(({ error }) => error !== null);
        return {
          at: (index) => byIndex.get(index),
          error: failed?.error ?? null,
          refetch: () => void failed?.refetch(),
        };
      },
      [],
    ),
  });
}

export interface Timeline {
  readonly items: readonly TimelineEntry[] | undefined;
  /** More is to come, or is on its way. */
  readonly hasMore: boolean;
  readonly error: Error | null;
  readonly refetch: () => void;
}

/** Every attempt with its times; one page after the other, each drawn as it comes. */
export function useTimeline(id: string): Timeline {
  const [cursors, setCursors] = useState<readonly (string | undefined)[]>([undefined]);
  const timeline = useQueries({
    queries: cursors.map((cursor) => ({
      queryKey: ['run', id, 'timeline', cursor ?? null],
      queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Part<TimelineEntry>> => {
        const { data, nextCursor } = await answer(
          api.GET('/v1/runs/{run}/timeline', {
            params: { path: { run: id }, query: { limit: pageSize, ...given({ cursor }) } },
            signal,
          }),
        );
        const settled = nextCursor !== null && data.every(({ endedAt }) => endedAt !== null);
        return { items: data, settled, nextCursor };
      },
      staleTime: ({ state }: { readonly state: { readonly data: unknown } }) =>
        isSettled(state.data) ? Infinity : fallbackMs,
    })),
    combine: useCallback(
      (results: readonly { data?: Part<TimelineEntry>; error: Error | null; refetch: () => unknown }[]) => {
        const failed = results.find(({ error }) => error !== null);
        return {
          parts: results.map(({ data }) => data),
          error: failed?.error ?? null,
          refetch: () => void failed?.refetch(),
        };
      },
      [],
    ),
  });
  const { parts } = timeline;
  const next = parts.at(-1)?.nextCursor;
  useEffect(() => {
    if (typeof next === 'string') setCursors((before) => (before.includes(next) ? before : [...before, next]));
  }, [next]);
  const items = useMemo(
    () => (parts[0] === undefined ? undefined : parts.flatMap((part) => part?.items ?? [])),
    [parts],
  );
  return {
    items,
    hasMore: parts.at(-1) === undefined || typeof next === 'string',
    error: timeline.error,
    refetch: timeline.refetch,
  };
}

/** The attempts of one task instance, the newest last. */
export function useAttempts(id: string, task: string, mapIndex: number) {
  return useInfiniteQuery({
    queryKey: ['run', id, 'attempts', task, mapIndex],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET('/v1/runs/{run}/attempts', {
          params: {
            path: { run: id },
            query: {
              task,
              ...(mapIndex < 0 ? {} : { mapIndex: String(mapIndex) }),
              limit: 100,
              ...given({ cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}
