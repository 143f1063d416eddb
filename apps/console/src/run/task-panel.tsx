import { answer, ApiError } from '@millrace/clients';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client.js';
import type { Run } from '../api/environment-queries.js';
import { StateBadge } from '../ui/badge.js';
import { Button } from '../ui/button.js';
import { CodeBlock } from '../ui/code.js';
import { EmptyState, ErrorState, Skeleton } from '../ui/states.js';
import { AttemptFacts } from './attempt-facts.js';
import { InstanceList } from './instance-list.js';
import { LogView } from './log-view.js';
import { type Attempt, type TaskInstance, useAttempts, useTasks } from './run-data.js';
import { instanceName, type Selected } from './selection.js';

interface PanelProps {
  readonly run: Run;
  readonly selected: Selected;
  readonly onSelect: (chosen: Selected) => void;
  readonly onClose: () => void;
}

/** One task instance closely: its attempts, its log, its output. */
export function TaskPanel({ run, selected, onSelect, onClose }: PanelProps) {
  const tasks = useTasks(run.id, false);
  const whole = tasks.data?.find((task) => task.taskId === selected.task);
  const name = instanceName(selected);
  const isWhole = selected.mapIndex < 0 && whole !== undefined && whole.mapLength !== null;
  return (
    <aside className="panel" id="task" tabIndex={-1} aria-label={`Task ${name}`}>
      <header className="panel__head">
        <h2 className="panel__title" title={name}>
          {name}
        </h2>
        {selected.mapIndex >= 0 && (
          <Button size="small" variant="quiet" onClick={() => onSelect({ task: selected.task, mapIndex: -1 })}>
            All instances
          </Button>
        )}
        <Button size="small" variant="quiet" icon="cross" label="Close the task" onClick={onClose} />
      </header>
      {tasks.data === undefined && tasks.error === null && <Skeleton lines={4} />}
      {tasks.data === undefined && tasks.error !== null && (
        <ErrorState error={tasks.error} onRetry={() => void tasks.refetch()} />
      )}
      {tasks.data !== undefined && whole === undefined && <EmptyState icon="info" title="This run has no such task" />}
      {isWhole ? (
        <InstanceList run={run} task={whole} onSelect={onSelect} />
      ) : (
        whole !== undefined && <Attempts run={run} selected={selected} task={whole} />
      )}
    </aside>
  );
}

function Attempts({
  run,
  selected,
  task,
}: {
  readonly run: Run;
  readonly selected: Selected;
  readonly task: TaskInstance;
}) {
  const attempts = useAttempts(run.id, selected.task, selected.mapIndex);
  const [chosen, setChosen] = useState<number>();
  const all = attempts.data?.pages.flatMap((page) => page.data);
  if (all === undefined) {
    if (attempts.error === null) return <Skeleton lines={4} />;
    return <ErrorState error={attempts.error} onRetry={() => void attempts.refetch()} />;
  }
  const attempt = all.find(({ fence }) => fence === chosen) ?? all.at(-1);
  if (attempt === undefined) {
    return (
      <div className="panel__part">
        <StateBadge state={task.state} />
        <p className="muted">No attempt has begun. {task.reason !== null && <code>{task.reason}</code>}</p>
      </div>
    );
  }
  return (
    <>
      {all.length > 1 && (
        <div className="panel__tries" role="group" aria-label="Attempts">
          {all.map(({ fence, state }) => (
            <button
              key={fence}
              type="button"
              className="panel__try"
              aria-pressed={fence === attempt.fence}
              onClick={() => setChosen(fence)}
            >
              <span className="number">#{fence}</span>
              <StateBadge state={state} />
            </button>
          ))}
        </div>
      )}
      <AttemptFacts attempt={attempt} />
      {attempt.error !== null && <Failure error={attempt.error} />}
      <section className="panel__part" aria-label="Log">
        <h3>Log</h3>
        <LogView
          key={attempt.fence}
          run={run.id}
          selected={selected}
          attempt={attempt.fence}
          live={attempt.endedAt === null}
        />
      </section>
      {attempt.state === 'succeeded' && <Output run={run} selected={selected} />}
    </>
  );
}

function Failure({ error }: { readonly error: NonNullable<Attempt['error']> }) {
  return (
    <section className="panel__part" aria-label="Error">
      <h3>Error</h3>
      <p className="panel__error">
        <strong>{error.name}</strong>: {error.message}
      </p>
      {error.stack !== undefined && <CodeBlock code={error.stack} label="Stack of the error" />}
    </section>
  );
}

function Output({ run, selected }: { readonly run: Run; readonly selected: Selected }) {
  const { task, mapIndex } = selected;
  const output = useQuery({
    queryKey: ['run', run.id, 'output', task, mapIndex],
    staleTime: Infinity,
    queryFn: async () => {
      try {
        return await answer(
          api.GET('/v1/runs/{run}/tasks/{task}/output', {
            params: { path: { run: run.id, task }, query: mapIndex < 0 ? {} : { mapIndex: String(mapIndex) } },
            // As it stands: a number keeps all its digits.
            parseAs: 'text',
          }),
        );
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
  });
  return (
    <section className="panel__part" aria-label="Output">
      <h3>Output</h3>
      {output.error !== null && <ErrorState error={output.error} onRetry={() => void output.refetch()} />}
      {output.data === null && <p className="faint">It returned nothing.</p>}
      {typeof output.data === 'string' && <CodeBlock code={output.data} label="Output of the task" wrap />}
    </section>
  );
}
