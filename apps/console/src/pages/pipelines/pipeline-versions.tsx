import { answer, type Schemas } from '@millrace/clients';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { api } from '../../api/client.js';
import { given } from '../../api/environment-queries.js';
import { useList, useMay } from '../../api/queries.js';
import { inEnvironment } from '../../shell/environment.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { FormDialog } from '../../ui/dialog.js';
import { ListView } from '../../ui/list-view.js';
import { EmptyState, ErrorState } from '../../ui/states.js';
import type { Column } from '../../ui/table.js';
import { RelativeTime } from '../../ui/time.js';
import { useToasts } from '../../ui/toast.js';
import { CompareDialog } from './compare-dialog.js';
import { usePipelineContext } from './pipeline-page.js';

type Version = Schemas['Version'];

/** `back` is the one that was active before the last change, wherever that is. */
type Change = { readonly kind: 'activate'; readonly number: number } | { readonly kind: 'back' };

function ChangeDialog({ change, onClose }: { readonly change: Change; readonly onClose: () => void }) {
  const { environment, pipeline } = usePipelineContext();
  const toasts = useToasts();
  const queries = useQueryClient();
  const params = { path: { pipeline: pipeline.name }, query: { environment } };
  const apply = useMutation({
    mutationFn: () =>
      change.kind === 'activate'
        ? answer(api.POST('/v1/pipelines/{pipeline}:activate', { params, body: { version: change.number } }))
        : answer(api.POST('/v1/pipelines/{pipeline}:rollback', { params })),
    onSuccess: async (changed) => {
      toasts.done(`New runs of ${pipeline.name} use v${changed.activeVersion?.number ?? ''}.`);
      onClose();
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['versions', environment, pipeline.name] }),
        queries.invalidateQueries({ queryKey: ['pipeline', environment, pipeline.name] }),
        queries.invalidateQueries({ queryKey: ['pipelines', environment] }),
      ]);
    },
  });
  return (
    <FormDialog
      title={change.kind === 'activate' ? `Activate v${change.number}` : 'Roll back'}
      submit={change.kind === 'activate' ? 'Activate' : 'Roll back'}
      busy={apply.isPending}
      onSubmit={() => apply.mutate()}
      onClose={onClose}
    >
      {apply.error !== null && <ErrorState error={apply.error} />}
      <p>
        {change.kind === 'activate'
          ? `New runs of ${pipeline.name} use v${change.number}.`
          : `New runs of ${pipeline.name} use the version that was active before v${pipeline.activeVersion?.number ?? ''}.`}{' '}
        Runs that are going on keep the version that they started with.
      </p>
    </FormDialog>
  );
}

/** The versions of a pipeline: which is active, and the way to another. */
export function PipelineVersions() {
  const { environment, pipeline } = usePipelineContext();
  const mayDeploy = useMay('deploy');
  const [change, setChange] = useState<Change>();
  const [isComparing, setComparing] = useState(false);
  const versions = useList<Version>(['versions', environment, pipeline.name], (cursor, signal) =>
    answer(
      api.GET('/v1/pipelines/{pipeline}/versions', {
        params: { path: { pipeline: pipeline.name }, query: { environment, ...given({ cursor }) } },
        signal,
      }),
    ),
  );
  const known = versions.items ?? [];
  const columns: readonly Column<Version>[] = [
    {
      name: 'number',
      head: 'Version',
      narrow: true,
      cell: (version) => (
        <Link
          className="row-link"
          to={`${inEnvironment(environment, 'pipelines', pipeline.name, 'definition')}?version=${version.number}`}
        >
          v{version.number}
        </Link>
      ),
    },
    {
      name: 'active',
      head: 'State',
      cell: (version) =>
        version.active && (
          <Badge tone="good" icon="check">
            Active
          </Badge>
        ),
    },
    {
      name: 'digest',
      head: 'Content',
      minor: true,
      cell: (version) => (
        <code className="muted above" title={version.digest}>
          {version.digest.replace('sha256:', '').slice(0, 12)}
        </code>
      ),
    },
    {
      name: 'deployment',
      head: 'Deployment',
      minor: true,
      cell: (version) => (
        <Link className="above" to={`/deployments/${version.deploymentId}`}>
          Show
        </Link>
      ),
    },
    { name: 'created', head: 'Created', narrow: true, cell: (version) => <RelativeTime at={version.createdAt} /> },
    ...(mayDeploy
      ? [
          {
            name: 'actions',
            head: <span className="visually-hidden">Actions</span>,
            narrow: true,
            align: 'right' as const,
            cell: (version: Version) =>
              !version.active && (
                <Button size="small" onClick={() => setChange({ kind: 'activate', number: version.number })}>
                  Activate<span className="visually-hidden"> v{version.number}</span>
                </Button>
              ),
          },
        ]
      : []),
  ];
  return (
    <>
      {known.length > 1 && (
        <div className="row row--wrap">
          <Button onClick={() => setComparing(true)}>Compare</Button>
          {mayDeploy && (
            <>
              <Button icon="retry" onClick={() => setChange({ kind: 'back' })}>
                Roll back
              </Button>
              <span className="muted">to the version that was active before.</span>
            </>
          )}
        </div>
      )}
      <ListView
        list={versions}
        caption={`Versions of ${pipeline.name}, newest first`}
        columns={columns}
        rowKey={(version) => version.id}
        empty={<EmptyState icon="deployments" title="There is no version" />}
      />
      {isComparing && <CompareDialog versions={known} onClose={() => setComparing(false)} />}
      {change !== undefined && <ChangeDialog change={change} onClose={() => setChange(undefined)} />}
    </>
  );
}
