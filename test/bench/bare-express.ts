/**
 * The comparison for `api`: an Express handler without the platform's edge (no guards, validation, rate limits, problem
 * documents). It runs the same statements under the same roles and serialises the same rows.
 */
import { ControlDatabase, openDataSource, TenantDatabase } from '@millrace/database';
import { VersionCache } from '@millrace/pipelines';
import { countPageTasks, findRun, listRuns, ParamsCheck, type Run, StartRun, type TaskCounts } from '@millrace/runs';
import { Authenticate, defaultEnvironment, recordAudit, resolveEnvironment } from '@millrace/tenancy';
import express, { type Request } from 'express';

const [appUrl = '', controlUrl = '', pipeline = ''] = process.argv.slice(2);
const open = (url: string) => openDataSource({ url, poolSize: 20, applicationName: 'bench-express' });
const tenants = new TenantDatabase(await open(appUrl));
const control = new ControlDatabase(await open(controlUrl));
const authenticate = new Authenticate();
const startRun = new StartRun(new VersionCache(), new ParamsCheck());
const app = express();

/** A row as the API shows it; the bench compares the two answers before it measures. */
function toView(run: Run, tasks: TaskCounts) {
  const { versionNumber: version, params, ...rest } = run;
  return { ...rest, version, params: JSON.parse(params) as object, tasks };
}

async function principalOf(request: Request) {
  const token = request.get('authorization')?.replace(/^Bearer /, '') ?? '';
  const principal = await control.statements((tx) => authenticate.execute(tx, token));
  if (principal === undefined) throw new Error('the credential is unknown');
  return principal;
}

app.get('/v1/runs', async (request, response) => {
  const principal = await principalOf(request);
  const limit = Number(request.query['limit']);
  const page = await tenants.read(principal.tenantId, async (tx) => {
    const filter = { environmentSlug: defaultEnvironment };
    const [, rows, counts] = await Promise.all([
      resolveEnvironment(tx, principal.environmentId, undefined),
      listRuns(tx, { ...filter, limit: limit + 1 }),
      countPageTasks(tx, { ...filter, limit }),
    ]);
    return rows.slice(0, limit).map((row) => toView(row, counts.get(row.id) ?? {}));
  });
  response.json({ data: page, nextCursor: page.at(-1)?.id ?? null });
});

app.post('/v1/pipelines/:pipeline/runs', express.json(), async (request, response) => {
  const principal = await principalOf(request);
  const run = await tenants.transaction(principal.tenantId, async (tx) => {
    const environment = await resolveEnvironment(tx, principal.environmentId, undefined);
    const runId = await startRun.execute(tx, {
      environmentId: environment.id,
      onlyEnvironmentId: principal.environmentId,
      pipeline,
      version: undefined,
      params: '{}',
      trigger: 'api',
      createdBy: principal.actor,
    });
    await recordAudit(tx, { ...principal, action: 'run.started', target: runId });
    const found = await findRun(tx, runId);
    return found === undefined ? null : toView(found, {});
  });
  response.status(201).json(run);
});

const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' && address !== null ? address.port : 0 });
});
process.once('disconnect', () => process.exit(0));
