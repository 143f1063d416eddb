import { answer, type Schemas } from '@millrace/clients';
import { useState } from 'react';
import { api, session } from '../api/client.js';
import type { Run } from '../api/environment-queries.js';
import { bytes } from '../api/format.js';
import { given } from '../api/environment-queries.js';
import { useList } from '../api/queries.js';
import { saveAs } from '../pages/usage/save-as.js';
import { Button } from '../ui/button.js';
import { ListView } from '../ui/list-view.js';
import { Section } from '../ui/page.js';
import { EmptyState } from '../ui/states.js';
import type { Column } from '../ui/table.js';
import { useToasts } from '../ui/toast.js';
import { complaintOf } from '../api/problems.js';
import { instanceName, useSelection } from './selection.js';

type Output = Schemas['TaskOutput'];
type Artifact = Schemas['Artifact'];

/** What the tasks returned, and the files that they kept. */
export function OutputsView({ run }: { readonly run: Run }) {
  const outputs = useList<Output>(['run', run.id, 'outputs'], (cursor, signal) =>
    answer(
      api.GET('/v1/runs/{run}/outputs', {
        params: { path: { run: run.id }, query: { limit: 50, ...given({ cursor }) } },
        signal,
      }),
    ),
  );
  const artifacts = useList<Artifact>(['run', run.id, 'artifacts'], (cursor, signal) =>
    answer(
      api.GET('/v1/runs/{run}/artifacts', {
        params: { path: { run: run.id }, query: { limit: 50, ...given({ cursor }) } },
        signal,
      }),
    ),
  );
  return (
    <div className="stack stack--wide">
      <Section title="Outputs">
        <ListView
          list={outputs}
          caption="Outputs of the run"
          columns={outputColumns}
          rowKey={({ taskId, mapIndex }) => `${taskId} ${mapIndex}`}
          empty={<EmptyState icon="output" title="No task has returned anything" />}
        />
      </Section>
      <Section title="Artifacts">
        <ListView
          list={artifacts}
          caption="Artifacts of the run"
          columns={artifactColumns}
          rowKey={({ id }) => id}
          empty={<EmptyState icon="download" title="No task has kept a file" />}
        />
      </Section>
    </div>
  );
}

function TaskLink({ task, mapIndex }: { readonly task: string; readonly mapIndex: number }) {
  const { select } = useSelection();
  return (
    <button type="button" className="link" onClick={() => select({ task, mapIndex })}>
      {instanceName({ task, mapIndex })}
    </button>
  );
}

const outputColumns: readonly Column<Output>[] = [
  {
    name: 'task',
    head: 'Task',
    narrow: true,
    cell: ({ taskId, mapIndex }) => <TaskLink task={taskId} mapIndex={mapIndex} />,
  },
  {
    name: 'output',
    head: 'Output',
    grow: true,
    cell: ({ text }) =>
      text === null ? <span className="faint">Open the task to read it</span> : <code title={text}>{text}</code>,
  },
  { name: 'size', head: 'Size', align: 'right', narrow: true, cell: ({ bytes: size }) => bytes(size) },
];

const artifactColumns: readonly Column<Artifact>[] = [
  { name: 'name', head: 'Name', cell: ({ name }) => name },
  {
    name: 'task',
    head: 'Task',
    narrow: true,
    cell: ({ taskId, mapIndex }) => <TaskLink task={taskId} mapIndex={mapIndex} />,
  },
  { name: 'type', head: 'Type', narrow: true, minor: true, cell: ({ contentType }) => contentType },
  { name: 'size', head: 'Size', align: 'right', narrow: true, cell: ({ sizeBytes }) => bytes(sizeBytes) },
  { name: 'get', head: '', narrow: true, cell: (artifact) => <Download artifact={artifact} /> },
];

/** The bytes need the session, which no plain link carries. */
function Download({ artifact }: { readonly artifact: Artifact }) {
  const [busy, setBusy] = useState(false);
  const toasts = useToasts();
  const download = async (): Promise<void> => {
    setBusy(true);
    try {
      const url = new URL(`/v1/artifacts/${artifact.id}/content`, window.location.origin);
      const response = await session.send(new Request(url));
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      saveAs(await response.blob(), artifact.name.split('/').at(-1) ?? artifact.name);
    } catch (error) {
      toasts.failed(complaintOf(error).title);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      size="small"
      variant="quiet"
      icon="download"
      busy={busy}
      label={`Download ${artifact.name}`}
      onClick={() => void download()}
    />
  );
}
