import { HttpClient } from '@millrace/clients';
import { type EnvironmentId, newId, type OrganizationId, type PoolId } from '@millrace/kernel';
import { asSuper, seedRun, seedRunner } from '@millrace/testing';

/** In every text that belongs to B; whoever sees it outside B has seen too much. */
export const marker = 'zzmarkerzz';
const password = 'correct horse battery';

interface Session {
  readonly accessToken: string;
  readonly organizationId: string;
  readonly userId: string;
}

/** Ids of what an organization has, by the noun of the path parameter. */
export type Ids = Readonly<Record<IdName, string>>;

export type IdName =
  | 'organization'
  | 'user'
  | 'environment'
  | 'invitation'
  | 'apiKey'
  | 'pool'
  | 'pipeline'
  | 'version'
  | 'deployment'
  | 'run'
  | 'task'
  | 'artifact'
  | 'alert'
  | 'webhook'
  | 'delivery'
  | 'message'
  | 'name';

/** An organization with something in every table that an organization can have things in. */
export interface Organization {
  readonly ids: Ids;
  readonly owner: string;
  /** An access token whose role is `viewer`. */
  readonly viewer: string;
}

async function signUp(client: HttpClient, slug: string): Promise<Session> {
  return client.post<Session>('/v1/signup', {
    organization: { name: `${slug} inc`, slug },
    email: `owner@${slug}.example`,
    name: `${slug} owner`,
    password,
  });
}

interface Seeded {
  readonly tenantId: OrganizationId;
  readonly slug: string;
  readonly environmentId: EnvironmentId;
  readonly poolId: PoolId;
  readonly taskQueue: string;
}

/** Runs, attempts, logs, artifacts and usage as the platform would have written them. */
async function seedWork(url: string, organization: Seeded, text: string): Promise<Partial<Ids>> {
  const { tenantId, environmentId, poolId } = organization;
  const { runId, pipelineId, versionId } = await seedRun(url, organization, {
    tasks: [{ id: text }],
    params: JSON.stringify({ text }),
  });
  const sql = (statement: string, ...parameters: unknown[]): Promise<unknown> => asSuper(url, statement, parameters);
  await seedRunner(url, organization);
  const deployment = newId('deployment');
  const attempt = newId('attempt');
  const artifact = newId('artifact');
  await sql(
    `update pipelines set name = $1, description = $1, active_version_id = $2 where id = $3`,
    text,
    versionId,
    pipelineId,
  );
  await sql(
    `insert into deployments (tenant_id, id, environment_id, bundle_digest, state, message, log, created_by)
     select tenant_id, $2, $3, digest, 'ready', $4, $4, $4 from bundles where tenant_id = $1`,
    ...[tenantId, deployment, environmentId, text],
  );
  await sql(
    `insert into attempts (tenant_id, id, run_id, task_id, fence, dispatch, try, state, reason, pool_id, size, output,
       output_bytes, started_at, ended_at, wall_ms, cpu_ms, peak_rss_bytes, log_lines, log_last_seq)
     values ($1, $2, $3, $4, 1, 1, 1, 'succeeded', $4, $5, 's', $6, 20, now(), now(), 5, 5, 5, 1, 1)`,
    ...[tenantId, attempt, runId, text, poolId, JSON.stringify({ text })],
  );
  await sql(
    `insert into log_chunks (tenant_id, attempt_id, first_seq, last_seq, lines, size_bytes) values ($1, $2, 1, 1, $3, 60)`,
    ...[tenantId, attempt, `${JSON.stringify({ seq: 1, at: 1, stream: 'stdout', text })}\n`],
  );
  await sql(
    `insert into artifacts (tenant_id, id, run_id, task_id, map_index, attempt_id, name, content_type, size_bytes, digest)
     values ($1, $2, $3, $4, -1, $5, $4, 'text/plain', 3, $6)`,
    ...[tenantId, artifact, runId, text, attempt, `sha256:${'0'.repeat(64)}`],
  );
  await sql(
    `insert into run_events (tenant_id, run_id, seq, at, type, task_id, map_index, state)
     values ($1, $2, 1, now(), 'task', $3, -1, 'succeeded')`,
    ...[tenantId, runId, text],
  );
  await sql(
    `insert into ledger_entries (tenant_id, id, attempt_id, run_id, task_id, map_index, pipeline_id, environment_id, meter,
       size, quantity, unit_price_nano, amount_nano, category, occurred_at)
     values ($1, $2, $3, $4, $5, -1, $6, $7, 'compute_ms', 's', 1000, 16, 16000, 'useful', now())`,
    ...[tenantId, newId('ledgerEntry'), attempt, runId, text, pipelineId, environmentId],
  );
  await sql(
    `update task_instances set state = 'succeeded', started_at = now(), ended_at = now() where run_id = $1`,
    runId,
  );
  await sql(
    `update runs set state = 'succeeded', reason = $2, started_at = now(), ended_at = now() where id = $1`,
    runId,
    text,
  );
  const told = await seedTold(sql, { ...organization, runId, pipelineId, versionId }, text);
  return { ...told, run: runId, pipeline: pipelineId, version: versionId, deployment, task: text, artifact };
}

interface Failed extends Seeded {
  readonly runId: string;
  readonly pipelineId: string;
  readonly versionId: string;
}

/** An alert, a webhook, a delivery to it with its attempt, and a mail to the owner. */
async function seedTold(
  sql: (statement: string, ...parameters: unknown[]) => Promise<unknown>,
  place: Failed,
  text: string,
): Promise<Partial<Ids>> {
  const { tenantId, environmentId, runId, pipelineId, versionId } = place;
  const [alert, webhook] = [newId('alert'), newId('webhook')];
  const [delivery, message] = [newId('delivery'), newId('message')];
  await sql(
    `insert into alerts (tenant_id, id, environment_id, pipeline_id, event, fingerprint, task_id, error_class,
       error_message, failures, runs, run_ids, version_id, first_seen_at, last_seen_at)
     values ($1, $2, $3, $4, 'failed', $5, $5, $5, $5, 1, 1, array[$6::text], $7, now(), now())`,
    ...[tenantId, alert, environmentId, pipelineId, text, runId, versionId],
  );
  await sql(
    `insert into alert_occurrences (tenant_id, run_id, event, fingerprint, alert_id, failures, wasted_nano, at)
     values ($1, $2, 'failed', $3, $4, 1, 0, now())`,
    ...[tenantId, runId, text, alert],
  );
  await sql(
    `insert into webhooks (tenant_id, id, environment_id, name, url, format, secret, created_by)
     values ($1, $2, $3, $4, $5, 'standard', 'sealed', $4)`,
    ...[tenantId, webhook, environmentId, text, `https://${text}.example/`],
  );
  await sql(
    `insert into deliveries (tenant_id, id, environment_id, message_id, type, alert_id, channel, target, webhook_id,
       payload, state, attempts)
     values ($1, $2, $3, $4, 'alert.failed', $5, 'webhook', $6, $7, $8, 'succeeded', 1)`,
    ...[tenantId, delivery, environmentId, newId('message'), alert, text, webhook, JSON.stringify({ text })],
  );
  await sql(
    `insert into delivery_attempts (tenant_id, delivery_id, number, at, duration_ms, ok, status, response)
     values ($1, $2, 1, now(), 1, true, 200, $3)`,
    ...[tenantId, delivery, text],
  );
  await sql(
    `insert into mailbox_messages (id, message_id, to_address, subject, body_text) values ($1, $1, $2, $3, $3)`,
    ...[message, `owner@${text}.example`, text],
  );
  return { alert, webhook, delivery, message };
}

/** Signs an organization up and fills it; `text` stands in everything that it has. */
export async function makeOrganization(baseUrl: string, superuserUrl: string, text: string): Promise<Organization> {
  const client = new HttpClient({ baseUrl });
  const session = await signUp(client, text);
  const owner = client.withToken(session.accessToken);
  await asSuper(superuserUrl, 'update users set email_verified_at = now() where id = $1', [session.userId]);
  const environment = await owner.post<{ id: string }>('/v1/environments', { slug: `${text}-env`, name: text });
  const invited = await owner.post<{ id: string; token: string }>('/v1/invitations', {
    email: `viewer@${text}.example`,
    role: 'viewer',
  });
  const viewer = await client.post<Session>('/v1/invitations:accept', { token: invited.token, name: text, password });
  const open = await owner.post<{ id: string }>('/v1/invitations', { email: `open@${text}.example`, role: 'editor' });
  const key = await owner.post<{ id: string }>('/v1/api-keys', { name: text, scopes: ['read'] });
  await owner.put(`/v1/secrets/${text}`, { value: text });
  await owner.put(`/v1/variables/${text}`, { value: text });
  await owner.put(`/v1/connections/${text}`, { type: 'postgres', host: `${text}.example`, port: 5432 });
  const pool = await owner.post<{ id: string }>('/v1/pools', { name: text });
  const [place] = await asSuper<Seeded>(
    superuserUrl,
    `select p.tenant_id as "tenantId", '' as slug, p.environment_id as "environmentId", p.id as "poolId",
       p.task_queue as "taskQueue" from pools p where p.tenant_id = $1 and p.name = 'default' order by id limit 1`,
    [session.organizationId],
  );
  if (place === undefined) throw new Error('the organization has no pool');
  const work = await seedWork(superuserUrl, place, text);
  return {
    owner: session.accessToken,
    viewer: viewer.accessToken,
    ids: {
      organization: session.organizationId,
      user: session.userId,
      environment: environment.id,
      invitation: open.id,
      apiKey: key.id,
      pool: pool.id,
      name: text,
      ...work,
    } as Ids,
  };
}
