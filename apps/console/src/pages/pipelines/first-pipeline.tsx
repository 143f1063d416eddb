import { answer } from '@millrace/clients';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import { api } from '../../api/client.js';
import { useMay } from '../../api/queries.js';
import { Button } from '../../ui/button.js';
import { CodeBlock } from '../../ui/code.js';
import { Card, Page } from '../../ui/page.js';
import { EmptyState, ErrorState } from '../../ui/states.js';
import './pipelines.css';
import { sampleBundle, sampleName } from './sample.js';

const url = window.location.origin;

function cliSteps(environment: string): string {
  const flag = environment === 'production' ? '' : ` --environment ${environment}`;
  return `npm install --global ${url}/downloads/millrace-cli.tgz
millrace login --url ${url}
millrace init hello && cd hello
millrace push${flag}
millrace run hello --watch${flag}`;
}

function curlSteps(environment: string): string {
  const query = environment === 'production' ? '' : `?environment=${environment}`;
  return `# KEY is an API key with the scopes read, run and deploy
curl -s '${url}/v1/deployments${query}' \\
  -H "authorization: Bearer $KEY" -H 'content-type: application/json' \\
  -H "idempotency-key: $(uuidgen)" -d '{
  "files": { "hello.mjs": "export default (input) => \`Hello, \${input.name}!\`;" },
  "pipelines": [{ "pipeline": "hello", "tasks": {
    "greet": { "type": "node", "entry": "hello.mjs", "input": { "name": "world" } } } }] }'

curl -s '${url}/v1/pipelines/hello/runs${query}' -X POST \\
  -H "authorization: Bearer $KEY" -H 'content-type: application/json' \\
  -H "idempotency-key: $(uuidgen)" -d '{}'`;
}

function Sample({ environment }: { readonly environment: string }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const run = useMutation({
    mutationFn: async () => {
      const query = { environment };
      const deployment = await answer(
        api.POST('/v1/deployments', {
          params: { query: { ...query, message: 'Sample of the console' } },
          body: {},
          bodySerializer: () => JSON.stringify(sampleBundle),
        }),
      );
      if (deployment.state !== 'ready') throw new Error('the sample needs no build and must be ready at once');
      return answer(
        api.POST('/v1/pipelines/{pipeline}/runs', { params: { path: { pipeline: sampleName }, query }, body: {} }),
      );
    },
    onSuccess: async (started) => {
      await navigate(`/runs/${started.id}`);
      await queries.invalidateQueries({ queryKey: ['pipelines', environment] });
    },
  });
  return (
    <Card>
      <div className="sample">
        <div className="sample__text">
          <h2>See one run first</h2>
          <p className="muted">
            Pushes the pipeline <code>{sampleName}</code> (four small tasks, one of them mapped over a list) and runs
            it. It costs a fraction of a cent.
          </p>
        </div>
        <Button variant="primary" icon="runs" busy={run.isPending} onClick={() => run.mutate()}>
          Try the sample
        </Button>
      </div>
      {run.error !== null && <ErrorState error={run.error} />}
    </Card>
  );
}

/** What an environment without pipelines shows: the ways to the first one, with this server's own address. */
export function FirstPipeline({ environment }: { readonly environment: string }) {
  const mayDeploy = useMay('deploy');
  const mayManage = useMay('manage');
  if (!mayDeploy) {
    return (
      <Page title="Pipelines">
        <EmptyState icon="pipelines" title="There is no pipeline here yet">
          Somebody with the role of editor pushes the first one; it appears here then.
        </EmptyState>
      </Page>
    );
  }
  return (
    <Page
      title="Push your first pipeline"
      lead={
        <>
          A pipeline is a graph of tasks in YAML or JSON, pushed together with the code that it names. It is checked as
          a whole before anything changes.
        </>
      }
    >
      <Sample environment={environment} />
      <div className="first-steps">
        <section className="first-steps__step" aria-labelledby="with-cli">
          <h2 id="with-cli">With the command line</h2>
          <CodeBlock label="Commands of the command line" code={cliSteps(environment)} />
        </section>
        <section className="first-steps__step" aria-labelledby="with-curl">
          <h2 id="with-curl">With curl</h2>
          <CodeBlock label="Commands with curl" code={curlSteps(environment)} />
          <p className="muted">
            {mayManage ? (
              <>
                Make a key at <Link to="/api-keys">API keys</Link>.
              </>
            ) : (
              'An admin makes the key.'
            )}{' '}
            Everything that the console does is in the{' '}
            <a href="/docs" target="_blank" rel="noreferrer">
              API
            </a>
            .
          </p>
        </section>
      </div>
    </Page>
  );
}
