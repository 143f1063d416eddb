import { ApiError, type Schemas } from '@millrace/clients';
import { answer } from '@millrace/clients';
import { keepPreviousData, QueryClient, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api } from './client.js';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // The client repeats by itself what a repeat can help.
      retry: false,
      refetchOnWindowFocus: true,
    },
  },
});

export interface Page<Item> {
  readonly data: readonly Item[];
  readonly nextCursor: string | null;
}

export interface ListOptions {
  /** How often it is asked for anew while the page is in front. */
  readonly refetchMs?: number | undefined;
  readonly enabled?: boolean;
}

/** A keyset-paged list that grows by `fetchNextPage`; `items` are those of all pages read so far. */
export function useList<Item>(
  key: readonly unknown[],
  read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<Item>>,
  options: ListOptions = {},
) {
  const query = useInfiniteQuery({
    queryKey: key,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: options.refetchMs ?? false,
    enabled: options.enabled ?? true,
  });
  return { ...query, items: query.data?.pages.flatMap((page) => page.data) };
}

export type List<Item> = ReturnType<typeof useList<Item>>;

export type Scope = Schemas['ApiKey']['scopes'][number];

export function useMe(enabled = true) {
  return useQuery({ queryKey: ['me'], queryFn: () => answer(api.GET('/v1/me')), staleTime: 60_000, enabled });
}

/** Whether the person may do what needs the scope; false until it is known. */
export function useMay(scope: Scope): boolean {
  const { data } = useMe();
  return data?.scopes.includes(scope) ?? false;
}

export function useEnvironments() {
  return useQuery({
    queryKey: ['environments'],
    queryFn: async () => (await answer(api.GET('/v1/environments', { params: { query: { limit: 200 } } }))).data,
    staleTime: 60_000,
  });
}

/** True for what another organization has or nobody. */
export function isMissing(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}
