import { useMe } from '../api/queries.js';
import { Page } from './page.js';
import { EmptyState, Skeleton } from './states.js';

/** In place of a page that the person's role does not show. */
export function NoPermission({ title, children }: { readonly title: string; readonly children: string }) {
  const me = useMe();
  return (
    <Page title={title}>
      {me.data === undefined ? (
        <Skeleton />
      ) : (
        <EmptyState icon="secrets" title="Your role does not show this">
          {children} You are {me.data.role ?? 'no member'} of {me.data.organization.name}.
        </EmptyState>
      )}
    </Page>
  );
}
