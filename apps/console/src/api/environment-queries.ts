import { answer, type Schemas } from '@millrace/clients';
import { useQuery } from '@tanstack/react-query';
import { api } from './client.js';
import { type ListOptions, useList } from './queries.js';

export type Run = Schemas['Run'];
export type RunState = Run['state'];
export type Pipeline = Schemas['Pipeline'];

export interface RunFilter {
  readonly pipeline?: string | undefined;
  readonly state?: RunState | undefined;
  readonly createdAfter?: string | undefined;
  readonly createdBefore?: string | undefined;
}

/** States that a run does not leave. */
export function isOver(state: RunState): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled';
}

export function useRuns(
  environment: string,
  filter: RunFilter,
  options: ListOptions & { readonly limit?: number } = {},
) {
  const { limit = 50, ...rest } = options;
  return useList<Run>(
    ['runs', environment, filter, limit],
    (cursor, signal) =>
      answer(
        api.GET('/v1/runs', {
          params: { query: { environment, ...given(filter), ...given({ cursor }), limit } },
          signal,
        }),
      ),
    rest,
  );
}

export function usePipelines(environment: string) {
  return useList<Pipeline>(['pipelines', environment], (cursor, signal) =>
    answer(api.GET('/v1/pipelines', { params: { query: { environment, ...given({ cursor }), limit: 100 } }, signal })),
  );
}

export function usePipeline(environment: string, pipeline: string) {
  return useQuery({
    queryKey: ['pipeline', environment, pipeline],
    queryFn: () =>
      answer(api.GET('/v1/pipelines/{pipeline}', { params: { path: { pipeline }, query: { environment } } })),
  });
}

/** A version with its definition; by number or id. */
export function useVersion(environment: string, pipeline: string, version: string | undefined) {
  return useQuery({
    queryKey: ['version', environment, pipeline, version],
    enabled: version !== undefined,
    // A version never changes.
    staleTime: Infinity,
    queryFn: () =>
      answer(
        api.GET('/v1/pipelines/{pipeline}/versions/{version}', {
          params: { path: { pipeline, version: version ?? '' }, query: { environment } },
        }),
      ),
  });
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the members that are undefined: the API takes no empty filters. */
export function given<T extends object>(value: T): Given<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Given<T>;
}
