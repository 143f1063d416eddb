import { useSearchParams } from 'react-router';
import { Link } from 'react-router';
import { useVersion } from '../../api/environment-queries.js';
import { bytes } from '../../api/format.js';
import { CodeBlock } from '../../ui/code.js';
import { Facts, Section } from '../../ui/page.js';
import { EmptyState, ErrorState, Notice, Skeleton } from '../../ui/states.js';
import { Table } from '../../ui/table.js';
import { RelativeTime } from '../../ui/time.js';
import { usePipelineContext } from './pipeline-page.js';
import { yamlOf } from './yaml.js';

/** A version as its author wrote it, with the files that it runs. */
export function PipelineDefinition() {
  const { environment, pipeline } = usePipelineContext();
  const [search] = useSearchParams();
  const asked = search.get('version') ?? undefined;
  const version = useVersion(environment, pipeline.name, asked ?? pipeline.activeVersion?.id);
  if (asked === undefined && pipeline.activeVersion === null) {
    return <EmptyState icon="deployments" title="No version is active" />;
  }
  if (version.data === undefined) {
    if (version.error === null) return <Skeleton lines={8} />;
    return <ErrorState error={version.error} onRetry={() => void version.refetch()} />;
  }
  const { number, definition, sourceFile, digest, createdAt, deploymentId, files } = version.data;
  return (
    <>
      {number !== pipeline.activeVersion?.number && (
        <Notice>
          This is v{number}. New runs use{' '}
          {pipeline.activeVersion === null ? 'none' : <Link to="?">v{pipeline.activeVersion.number}</Link>}.
        </Notice>
      )}
      <Facts
        facts={[
          ['Version', <span className="number">v{number}</span>],
          ['Created', <RelativeTime at={createdAt} />],
          ['Deployment', <Link to={`/deployments/${deploymentId}`}>Show the deployment</Link>],
          ['Written in', sourceFile === null ? 'the request' : <code>{sourceFile}</code>],
          ['Content', <code title={digest}>{digest.replace('sha256:', '').slice(0, 12)}</code>],
        ]}
      />
      <CodeBlock label={`Definition of v${number}`} code={yamlOf(definition)} />
      <Section title="Files" lead="What the tasks of this version run; they never change.">
        <Table
          caption="Files of the version"
          rows={files}
          rowKey={(file) => file.path}
          columns={[
            { name: 'path', head: 'Path', cell: (file) => <code>{file.path}</code> },
            { name: 'size', head: 'Size', align: 'right', narrow: true, cell: (file) => bytes(file.sizeBytes) },
          ]}
        />
      </Section>
    </>
  );
}
