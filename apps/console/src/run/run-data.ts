import { answer, type Schemas } from '@millrace/clients';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, client } from '../api/client.js';
import { given, isOver, type Run, useVersion } from '../api/environment-queries.js';
import { type List, useList } from '../api/queries.js';

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
 * Asks for everything about the run anew when something happened in it: at most twice a second, however many events
 * there are.
 */
export function useRunEvents(id: string, live: boolean): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (!live) return undefined;
    const abort = new AbortController();
    let due: ReturnType<typeof setTimeout> | undefined;
    const follow = async (): Promise<void> => {
      for await (const event of client.runEvents(id, abort.signal)) {
        if (event.kind === 'attempt') continue;
        due ??= setTimeout(() => {
          due = undefined;
          void queries.invalidateQueries({ queryKey: ['run', id] });
        }, 500);
      }
    };
    // The page polls as well: a stream that cannot be had is no error for who reads it.
    follow().catch(() => undefined);
    return () => {
      abort.abort();
      clearTimeout(due);
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

/** The instances of one mapped task, page by page as they are scrolled to. */
export function useInstances(id: string, task: string, enabled = true): List<TaskInstance> {
  return useList<TaskInstance>(
    ['run', id, 'instances', task],
    (cursor, signal) =>
      answer(
        api.GET('/v1/runs/{run}/tasks', {
          params: { path: { run: id }, query: { task, limit: pageSize, ...given({ cursor }) } },
          signal,
        }),
      ),
    { enabled },
  );
}

/** Every attempt with its times, page by page as they are scrolled to. */
export function useTimeline(id: string): List<TimelineEntry> {
  return useList<TimelineEntry>(['run', id, 'timeline'], (cursor, signal) =>
    answer(
      api.GET('/v1/runs/{run}/timeline', {
        params: { path: { run: id }, query: { limit: pageSize, ...given({ cursor }) } },
        signal,
      }),
    ),
  );
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
