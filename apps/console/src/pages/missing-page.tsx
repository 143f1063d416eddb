import { useRouteError } from 'react-router';
import { Button, ButtonLink } from '../ui/button.js';
import { Page } from '../ui/page.js';
import { EmptyState } from '../ui/states.js';

export function MissingPage() {
  return (
    <Page title="Not found">
      <EmptyState
        icon="search"
        title="There is no such page"
        actions={<ButtonLink to="/">Go to the pipelines</ButtonLink>}
      >
        The address may be mistyped, or lead to something of another organization.
      </EmptyState>
    </Page>
  );
}

/** A page that failed by a fault of its own, or whose code could not be loaded after an update. */
export function BrokenPage() {
  const error = useRouteError();
  return (
    <Page title="Something broke">
      <EmptyState
        icon="warning"
        title="This page failed"
        actions={<Button onClick={() => window.location.reload()}>Load it again</Button>}
      >
        {error instanceof Error ? error.message : 'It may have been replaced by a newer one.'}
      </EmptyState>
    </Page>
  );
}
