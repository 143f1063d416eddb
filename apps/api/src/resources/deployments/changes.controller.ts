import { Body, Controller, Inject, Param, Post, Query, Res, UseGuards } from '@nestjs/common';
import { ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { TenantTransaction } from '@millrace/database';
import { bundleContentTypes, bundleLimits, findDeployment, promoteDeployment, ReadStates } from '@millrace/pipelines';
import { resolveEnvironment } from '@millrace/tenancy';
import type { Response } from 'express';
import type { z } from 'zod';
import { Caller, inReach, Mutation, Operation, Requires, Tx, Upload, Verified } from '../../edge/index.js';
import { type PossibleBundle, PossibleBundleGuard, soundBundle } from './bundle.guard.js';
import { toChange, toDeployment } from './deployment.mapper.js';
import { deployment, deploymentDiff, deploymentPath, diffQuery, promoteBody } from './deployment.schema.js';
import { bundleSide, compareSides, findSide, nothingToCompare, twoSides } from './diff-side.js';
import { readPromotionTarget } from './read-promotion-target.js';

/** Deployments compared with each other, and carried from one environment to another. */
@ApiTags('Deployments')
@Controller('v1')
export class ChangesController {
  constructor(@Inject(ReadStates) private readonly states: ReadStates) {}

  @Post('deployments\\:diff')
  @Requires('read')
  @Mutation()
  @UseGuards(PossibleBundleGuard)
  @Upload({ types: bundleContentTypes, maxBytes: bundleLimits.uploadBytes })
  @ApiConsumes('application/gzip', 'application/zip', 'application/json')
  @Operation({
    id: 'diffDeployments',
    summary: 'Compare deployments, versions, environments or a bundle',
    description:
      'What differs between `from` (default: the environment) and `to`, or the bundle in the body, pipeline by pipeline; nothing is written. A deployment takes nothing away, so an environment is compared in those pipelines only that the other side has. A bundle needs the scope `deploy`.',
    response: deploymentDiff,
    problems: { 422: 'The bundle has mistakes, or there is nothing to compare.' },
  })
  async diff(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Verified() checked: PossibleBundle,
    @Body() _body: Buffer | undefined,
    @Query({ schema: diffQuery }) query: z.infer<typeof diffQuery>,
  ): Promise<z.infer<typeof deploymentDiff>> {
    if (checked === 'none' && query.to === undefined) throw nothingToCompare();
    if (checked !== 'none' && query.to !== undefined) throw twoSides();
    const from = await findSide(tx, caller, this.states, query.from ?? query.environment);
    const to =
      checked === 'none' ? await findSide(tx, caller, this.states, query.to) : bundleSide(soundBundle(checked));
    return {
      from: { kind: from.kind, ref: from.ref },
      to: { kind: to.kind, ref: to.ref },
      pipelines: (await compareSides(from, to)).map(toChange),
    };
  }

  @Post('deployments/:deployment\\:promote')
  @Requires('deploy')
  @Mutation()
  @Operation({
    id: 'promoteDeployment',
    summary: 'Deploy to another environment what was deployed here',
    description:
      'The same versions, digest for digest: nothing is compiled or built anew. Refused with everything that the other environment lacks: pools, secrets, connections, variables, webhooks that `notify` names.',
    response: deployment,
    status: 201,
    problems: { 409: 'The other environment lacks something; `errors` names all of it.' },
  })
  async promote(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Param({ schema: deploymentPath }) path: z.infer<typeof deploymentPath>,
    @Body({ schema: promoteBody }) body: z.infer<typeof promoteBody>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<z.infer<typeof deployment>> {
    const found = inReach(caller, 'deployment', await findDeployment(tx, path.deployment));
    const environment = await resolveEnvironment(tx, caller.environmentId, body.environment);
    const target = await readPromotionTarget(tx, environment);
    const created = await promoteDeployment(tx, caller, found, target, body);
    response.location(`/v1/deployments/${created.id}`);
    return toDeployment(created);
  }
}
