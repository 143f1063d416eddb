import { Body, Controller, Get, Inject, Param, Post, Query, Res, UseGuards } from '@nestjs/common';
import { ApiConsumes, ApiTags } from '@nestjs/swagger';
import { TenantDatabase, type TenantTransaction } from '@millrace/database';
import {
  bundleContentTypes,
  bundleLimits,
  CreateDeployment,
  type Deployment,
  type DeploymentSource,
  findDeployment,
  listDeployments,
  ReadStates,
  readDeploymentLog,
  rollBackDeployment,
} from '@millrace/pipelines';
import { resolveEnvironment } from '@millrace/tenancy';
import type { Response } from 'express';
import type { z } from 'zod';
import {
  Caller,
  cursorOf,
  inReach,
  Mutation,
  Notifications,
  Operation,
  Requires,
  toPage,
  Tx,
  Upload,
  Verified,
} from '../../edge/index.js';
import { toDeployment, toValidation } from './deployment.mapper.js';
import {
  createDeploymentQuery,
  deployment,
  deploymentPage,
  deploymentPath,
  getDeploymentQuery,
  listDeploymentsQuery,
  validateBundleQuery,
  validation,
} from './deployment.schema.js';
import { BundleGuard, type CheckedBundle, soundBundle } from './bundle.guard.js';
import { bundleSide, compareSides, findSide } from './diff-side.js';
import { RequestSignal } from './request-signal.js';

const upload = { types: bundleContentTypes, maxBytes: bundleLimits.uploadBytes };

@ApiTags('Deployments')
@Controller('v1')
export class DeploymentsController {
  constructor(
    @Inject(TenantDatabase) private readonly tenants: TenantDatabase,
    @Inject(Notifications) private readonly notifications: Notifications,
    @Inject(CreateDeployment) private readonly create: CreateDeployment,
    @Inject(ReadStates) private readonly states: ReadStates,
  ) {}

  @Post('deployments')
  @Requires('deploy')
  @Mutation()
  @UseGuards(BundleGuard)
  @Upload(upload)
  @ApiConsumes('application/gzip', 'application/zip', 'application/json')
  @Operation({
    id: 'createDeployment',
    summary: 'Push a bundle',
    description:
      'A tar.gz or zip of pipelines and code, or one JSON document `{"files": {path: text | {"base64": …}}, "pipelines": […]}`. Everything is checked before anything changes. 201: the versions are there. 202: the dependencies are being built; wait with `GET /v1/deployments/{id}?wait=60s`.',
    response: deployment,
    status: 201,
    alsoStatus: { 202: 'Accepted: the dependencies are being built.' },
    problems: { 422: 'The bundle has mistakes: `errors` names file, line and column of each.' },
  })
  async push(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Verified() checked: CheckedBundle,
    @Body() _body: Buffer,
    @Query({ schema: createDeploymentQuery }) query: z.infer<typeof createDeploymentQuery>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<z.infer<typeof deployment>> {
    const bundle = soundBundle(checked);
    const environment = await resolveEnvironment(tx, caller.environmentId, query.environment);
    const created = await this.create.execute(tx, {
      environmentId: environment.id,
      actor: { tenantId: caller.tenantId, actor: caller.actor, requestId: caller.requestId },
      bundle,
      activate: query.activate === 'true',
      message: query.message,
      source: sourceOf(query),
    });
    response.status(created.state === 'building' ? 202 : 201).location(`/v1/deployments/${created.id}`);
    return toDeployment(created);
  }

  @Post('deployments\\:validate')
  @Requires('deploy')
  @Mutation()
  @UseGuards(BundleGuard)
  @Upload(upload)
  @ApiConsumes('application/gzip', 'application/zip', 'application/json')
  @Operation({
    id: 'validateBundle',
    summary: 'Check a bundle',
    description:
      'The same checks as a deployment, and what it would change in the environment; nothing is written: no version, no deployment.',
    response: validation,
    problems: { 422: 'The bundle has mistakes: `errors` names file, line and column of each.' },
  })
  async check(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Verified() checked: CheckedBundle,
    @Body() _body: Buffer,
    @Query({ schema: validateBundleQuery }) query: z.infer<typeof validateBundleQuery>,
  ): Promise<z.infer<typeof validation>> {
    const bundle = soundBundle(checked);
    const environment = await findSide(tx, caller, this.states, query.environment);
    return toValidation(bundle, await compareSides(environment, bundleSide(bundle)));
  }

  @Get('deployments')
  @Requires('read')
  @Operation({
    id: 'listDeployments',
    summary: 'List deployments',
    description:
      'Newest first. With `pipeline`: those that made a version of it, so none that failed or are still building.',
    response: deploymentPage,
  })
  list(
    @Caller() caller: Caller,
    @Query({ schema: listDeploymentsQuery }) query: z.infer<typeof listDeploymentsQuery>,
  ): Promise<z.infer<typeof deploymentPage>> {
    return this.tenants.transaction(caller.tenantId, async (tx) => {
      const environment = await resolveEnvironment(tx, caller.environmentId, query.environment);
      const [before] = cursorOf(query, 1) ?? [];
      const rows = await listDeployments(tx, environment.id, {
        before,
        pipeline: query.pipeline,
        limit: query.limit + 1,
      });
      return toPage(rows, query, (row) => [row.id], toDeployment);
    });
  }

  @Get('deployments/:deployment')
  @Requires('read')
  @Operation({ id: 'getDeployment', summary: 'Show a deployment', response: deployment })
  async get(
    @Caller() caller: Caller,
    @Param({ schema: deploymentPath }) path: z.infer<typeof deploymentPath>,
    @Query({ schema: getDeploymentQuery }) query: z.infer<typeof getDeploymentQuery>,
    @RequestSignal() signal: AbortSignal,
  ): Promise<z.infer<typeof deployment>> {
    const found = await this.read(caller, path.deployment);
    if (found.state !== 'building' || query.wait === undefined) return toDeployment(found);
    return toDeployment(await this.untilEnded(caller, found, query.wait, signal));
  }

  @Get('deployments/:deployment/log')
  @Requires('read')
  @Operation({
    id: 'getDeploymentLog',
    summary: 'Read the log of a deployment',
    description: 'What the builds of the dependencies wrote; while they run, what has ended so far.',
    produces: 'text/plain',
  })
  async log(
    @Caller() caller: Caller,
    @Param({ schema: deploymentPath }) path: z.infer<typeof deploymentPath>,
    @Res() response: Response,
  ): Promise<void> {
    const text = await this.tenants.transaction(caller.tenantId, async (tx) => {
      const found = inReach(caller, 'deployment', await findDeployment(tx, path.deployment));
      return readDeploymentLog(tx, found.id);
    });
    response.type('text/plain').send(text);
  }

  @Post('deployments/:deployment\\:rollback')
  @Requires('deploy')
  @Mutation()
  @Operation({
    id: 'rollbackDeployment',
    summary: 'Roll a deployment back',
    description: 'Activates the versions that were active before it, in one step, as a deployment of its own.',
    response: deployment,
    status: 201,
  })
  async rollback(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Param({ schema: deploymentPath }) path: z.infer<typeof deploymentPath>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<z.infer<typeof deployment>> {
    const found = inReach(caller, 'deployment', await findDeployment(tx, path.deployment));
    const created = await rollBackDeployment(tx, caller, found);
    response.location(`/v1/deployments/${created.id}`);
    return toDeployment(created);
  }

  private read(caller: Caller, id: string): Promise<Deployment> {
    return this.tenants.transaction(caller.tenantId, async (tx) =>
      inReach(caller, 'deployment', await findDeployment(tx, id)),
    );
  }

  private async untilEnded(
    caller: Caller,
    first: Deployment,
    waitMs: number,
    signal: AbortSignal,
  ): Promise<Deployment> {
    const wake = await this.notifications.subscribe('deployments', first.id);
    try {
      const deadline = performance.now() + waitMs;
      for (;;) {
        const found = await this.read(caller, first.id);
        const leftMs = deadline - performance.now();
        if (found.state !== 'building' || leftMs <= 0 || signal.aborted) return found;
        // A notification can be lost with its connection, so the tables are asked again now and then.
        await wake.next({ timeoutMs: Math.min(leftMs, 5000), signal });
      }
    } finally {
      wake.close();
    }
  }
}

/** What the client says of the bundle's origin; nothing where it says nothing. */
function sourceOf(query: z.infer<typeof createDeploymentQuery>): DeploymentSource | undefined {
  const { repository, commit, branch, commitMessage: message, dirty } = query;
  const said = { repository, commit, branch, message, ...(dirty === undefined ? {} : { dirty: dirty === 'true' }) };
  return Object.values(said).every((value) => value === undefined) ? undefined : said;
}
