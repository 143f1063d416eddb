import type { HttpClient } from '@millrace/clients';
import type { Json } from '@millrace/kernel';
import type { JsonBundle } from './pack-sample.js';

/** Where the sample's warehouse is, as the operator of this instance set it up. */
export interface Warehouse {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly password: string;
}

export interface Money {
  readonly nanoUsd: string;
  readonly usd: string;
}

export interface RunView {
  readonly id: string;
  readonly state: string;
  readonly reason: string | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

export interface AttemptView {
  readonly id: string;
  readonly taskId: string;
  readonly mapIndex: number;
  readonly fence: number;
  readonly try: number;
  readonly state: string;
  readonly acceptedAt: string | null;
  readonly leasedAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

export interface TaskCost {
  readonly taskId: string;
  readonly total: Money;
  readonly computeMs: number;
}

export interface RunCost {
  readonly total: Money;
  readonly tasks: readonly TaskCost[];
}

export interface ArtifactView {
  readonly id: string;
  readonly name: string;
  readonly contentType: string;
  readonly sizeBytes: number;
}

export interface LogLineView {
  readonly seq: number;
  readonly stream: string;
  readonly text: string;
}

/** Everything that the tour saw of one run. */
export interface RunFacts {
  readonly city: string;
  readonly run: RunView;
  readonly events: number;
  readonly attempts: readonly AttemptView[];
  readonly outputs: Readonly<Record<string, Json>>;
  readonly artifacts: readonly ArtifactView[];
  readonly chart: string;
  readonly log: readonly LogLineView[];
  readonly cost: RunCost;
}

interface DeploymentView {
  readonly id: string;
  readonly state: string;
  readonly error?: { readonly detail?: string; readonly message?: string } | null;
  readonly versions: readonly { readonly pipeline: string; readonly number: number }[];
}

/** Tells the operator's warehouse to the sample's environment: a secret for the password, a connection for the rest. */
export async function connectWarehouse(client: HttpClient, warehouse: Warehouse): Promise<void> {
  await client.put('/v1/secrets/WAREHOUSE_PASSWORD', { value: warehouse.password });
  await client.put('/v1/connections/warehouse', {
    type: 'postgres',
    host: warehouse.host,
    port: warehouse.port,
    username: warehouse.user,
    database: warehouse.database,
    tls: 'disable',
    passwordSecret: 'WAREHOUSE_PASSWORD',
  });
}

/** Deploys the bundle and waits until its dependencies are built. */
export async function deploy(client: HttpClient, bundle: JsonBundle): Promise<DeploymentView> {
  let deployment = await client.post<DeploymentView>('/v1/deployments', { files: bundle.files });
  const until = Date.now() + 240_000;
  while (deployment.state === 'building' && Date.now() < until) {
    deployment = await client.get<DeploymentView>(`/v1/deployments/${deployment.id}`, { query: { wait: '30s' } });
  }
  if (deployment.state !== 'ready') {
    const log = await client.raw('GET', `/v1/deployments/${deployment.id}/log`).then(
      (response) => response.text(),
      () => '',
    );
    throw new Error(
      `the deployment is ${deployment.state}: ${deployment.error?.detail ?? deployment.error?.message ?? ''}\n${log}`,
    );
  }
  return deployment;
}

export function trigger(client: HttpClient, city: string): Promise<RunView> {
  return client.post<RunView>('/v1/pipelines/weather/runs', { params: { city } });
}

/** Follows the run's events to its end; calls back with each. */
export async function follow(
  client: HttpClient,
  runId: string,
  onEvent: (data: { taskId?: string | null; mapIndex?: number | null; state: string }) => void,
): Promise<number> {
  let count = 0;
  for await (const event of client.events(`/v1/runs/${runId}/events`)) {
    count += 1;
    onEvent(JSON.parse(event.data) as { taskId?: string | null; mapIndex?: number | null; state: string });
  }
  return count;
}

async function all<T>(items: AsyncGenerator<T>): Promise<T[]> {
  const result: T[] = [];
  for await (const item of items) result.push(item);
  return result;
}

/** Asks for everything that a person would look at once the run has ended. */
export async function examine(client: HttpClient, city: string, runId: string, events: number): Promise<RunFacts> {
  const output = (task: string): Promise<Json> => client.get<Json>(`/v1/runs/${runId}/tasks/${task}/output`);
  const run = await client.get<RunView>(`/v1/runs/${runId}`, { query: { wait: '30s' } });
  if (run.state !== 'succeeded') {
    throw new Error(`run ${runId} (${city}) is ${run.state}: ${run.reason ?? 'no reason given'}`);
  }
  const artifacts = await all(client.list<ArtifactView>(`/v1/runs/${runId}/artifacts`));
  const chart = artifacts.find((artifact) => artifact.name === 'rain.svg');
  if (chart === undefined) throw new Error(`run ${runId} left no rain.svg`);
  return {
    city,
    run,
    events,
    attempts: await all(client.list<AttemptView>(`/v1/runs/${runId}/attempts`)),
    outputs: { check: await output('check'), summarise: await output('summarise') },
    artifacts,
    chart: await (await client.raw('GET', `/v1/artifacts/${chart.id}/content`)).text(),
    log: (await client.get<{ data: LogLineView[] }>(`/v1/runs/${runId}/tasks/summarise/logs`)).data,
    cost: await client.get<RunCost>(`/v1/runs/${runId}/cost`),
  };
}
