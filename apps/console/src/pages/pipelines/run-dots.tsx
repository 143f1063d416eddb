import { answer } from '@millrace/clients';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { api } from '../../api/client.js';
import type { Run } from '../../api/environment-queries.js';
import { fromNow } from '../../api/format.js';
import { stateLook } from '../../ui/badge.js';
import './run-dots.css';

const shown = 10;

/** The newest runs of a pipeline, oldest left, each a link. `known` are those that a list already has. */
export function RunDots({
  environment,
  pipeline,
  known,
  isComplete,
}: {
  readonly environment: string;
  readonly pipeline: string;
  readonly known: readonly Run[];
  /** `known` has all there are. */
  readonly isComplete: boolean;
}) {
  const own = useQuery({
    queryKey: ['runs', environment, { pipeline }, 'dots'],
    enabled: known.length === 0 && !isComplete,
    queryFn: async () =>
      (await answer(api.GET('/v1/runs', { params: { query: { environment, pipeline, limit: shown } } }))).data,
  });
  const runs = (known.length > 0 ? known : (own.data ?? [])).slice(0, shown).reverse();
  if (runs.length === 0)
    return <span className="faint">{isComplete || own.data !== undefined ? 'Never run' : ''}</span>;
  return (
    <span className="run-dots above" role="list" aria-label={`Newest runs of ${pipeline}`}>
      {runs.map((run) => (
        <span key={run.id} role="listitem">
          <Link
            to={`/runs/${run.id}`}
            className="run-dots__dot"
            data-state={run.state}
            title={`${stateLook(run.state).word}, ${fromNow(run.createdAt, Date.now())}`}
          >
            <span className="visually-hidden">{stateLook(run.state).word}</span>
          </Link>
        </span>
      ))}
    </span>
  );
}
