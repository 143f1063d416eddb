import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';
import { fieldMessages, isRefusal } from '../api/problems.js';
import { Dialog } from './dialog.js';
import { ErrorState, Notice } from './states.js';

/** Headers of an edit that refuses to overwrite what the person has not seen. */
export type IfSeen = { readonly 'If-Match'?: string };

/** Reads a thing anew before it is edited, and gives the edit what it takes not to overwrite a change unseen. */
export function Fresh<T>({
  title,
  read,
  onClose,
  children,
}: {
  /** Of the dialog, where the thing cannot be read. */
  readonly title: string;
  readonly read: () => Promise<{ readonly data?: T; readonly response: Response }>;
  readonly onClose: () => void;
  readonly children: (thing: T, ifSeen: IfSeen) => ReactNode;
}) {
  const id = useId();
  const fresh = useQuery({
    queryKey: ['fresh', id],
    queryFn: async () => {
      const { data, response } = await read();
      const tag = response.headers.get('etag');
      return { thing: data as T, ifSeen: tag === null ? {} : { 'If-Match': tag } };
    },
    // It is what the person looks at while the dialog is open, whatever happens meanwhile.
    gcTime: 0,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
  if (fresh.data !== undefined) return children(fresh.data.thing, fresh.data.ifSeen);
  if (fresh.error === null) return null;
  return (
    <Dialog title={title} onClose={onClose}>
      <ErrorState error={fresh.error} onRetry={() => void fresh.refetch()} />
    </Dialog>
  );
}

/** Why an edit failed, where that is not about single fields, which say it themselves. */
export function SaveError({ error }: { readonly error: unknown }) {
  if (error === null || error === undefined) return null;
  if (isRefusal(error, 'precondition.failed')) {
    return (
      <Notice tone="warn">
        Somebody has changed it since you opened this. Nothing was overwritten: close this and open it again to see what
        is there now.
      </Notice>
    );
  }
  return Object.keys(fieldMessages(error)).length === 0 ? <ErrorState error={error} /> : null;
}
