import { answer, type Schemas } from '@millrace/clients';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api } from '../../api/client.js';
import { Badge } from '../../ui/badge.js';
import { Dialog } from '../../ui/dialog.js';
import { SelectField } from '../../ui/field.js';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.js';

type Version = Schemas['Version'];
type Change = Schemas['FieldChange']['change'];

/** What differs between two versions of a pipeline. */
export function CompareDialog({
  versions,
  onClose,
}: {
  /** Newest first, two at least. */
  readonly versions: readonly Version[];
  readonly onClose: () => void;
}) {
  const [from, setFrom] = useState(versions[1]?.id ?? '');
  const [to, setTo] = useState(versions[0]?.id ?? '');
  const diff = useQuery({
    queryKey: ['diff', from, to],
    queryFn: () =>
      answer(api.POST('/v1/deployments:diff', { params: { query: { from, to } }, body: undefined as never })),
    // Versions never change.
    staleTime: Infinity,
  });
  const choices = versions.map(({ id, number, active }) => (
    <option key={id} value={id}>
      v{number}
      {active ? ' (active)' : ''}
    </option>
  ));
  const [change] = diff.data?.pipelines ?? [];
  return (
    <Dialog title="Compare versions" width="wide" onClose={onClose}>
      <div className="stack">
        <div className="diff__sides">
          <SelectField label="From" value={from} onChange={({ target }) => setFrom(target.value)}>
            {choices}
          </SelectField>
          <SelectField label="To" value={to} onChange={({ target }) => setTo(target.value)}>
            {choices}
          </SelectField>
        </div>
        {diff.error !== null && <ErrorState error={diff.error} onRetry={() => void diff.refetch()} />}
        {diff.data === undefined && diff.error === null && <Skeleton lines={4} />}
        {diff.data !== undefined &&
          (change === undefined || change.change === 'unchanged' ? (
            <EmptyState icon="check" title="Nothing differs" />
          ) : (
            <Difference change={change} />
          ))}
      </div>
    </Dialog>
  );
}

function Difference({ change }: { readonly change: Schemas['PipelineChange'] }) {
  const { fields, tasks, files, filesChanged, dependencies } = change;
  const unnamed = filesChanged - files.length;
  return (
    <div className="diff">
      {fields.length > 0 && <Part title="Pipeline">{fields.map(toLine)}</Part>}
      {tasks.map((task) => (
        <Part key={task.task} title={`Task ${task.task}`} mark={<Mark change={task.change} />}>
          {task.codeChanged && <li>The code that it runs differs.</li>}
          {task.change === 'changed' && task.fields.map(toLine)}
        </Part>
      ))}
      {filesChanged > 0 && (
        <Part title="Files">
          {files.map((file) => (
            <li key={file.path}>
              <Mark change={file.change} /> <code>{file.path}</code>
            </li>
          ))}
          {unnamed > 0 && <li className="muted">and {unnamed} more</li>}
        </Part>
      )}
      {dependencies.length > 0 && (
        <Part title="Dependencies">
          {dependencies.map(({ kind }) => (
            <li key={kind}>What {kind} installs differs.</li>
          ))}
        </Part>
      )}
    </div>
  );
}

function Part({
  title,
  mark,
  children,
}: {
  readonly title: string;
  readonly mark?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className="diff__part" aria-label={title}>
      <h3 className="row">
        {title} {mark}
      </h3>
      <ul>{children}</ul>
    </section>
  );
}

const tones = { added: 'good', removed: 'bad', changed: 'warn' } as const;

function Mark({ change }: { readonly change: Change }) {
  return <Badge tone={tones[change]}>{change}</Badge>;
}

function toLine({ path, change, from, to }: Schemas['FieldChange']) {
  return (
    <li key={path} className="diff__field">
      <code>{path}</code>
      {change !== 'added' && <del>{text(from)}</del>}
      {change !== 'removed' && <ins>{text(to)}</ins>}
    </li>
  );
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 1);
}
