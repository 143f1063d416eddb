import { Body, Controller, Get, Inject, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { planOf } from '@millrace/billing';
import { TenantDatabase, type TenantTransaction } from '@millrace/database';
import {
  createEnvironment,
  getEnvironment,
  getOrganization,
  listEnvironments,
  renameEnvironment,
} from '@millrace/tenancy';
import type { Response } from 'express';
import type { z } from 'zod';
import { Caller, cursorOf, inReach, Mutation, Operation, Requires, toPage, Tx } from '../../edge/index.js';
import {
  environment,
  environmentPage,
  environmentPath,
  listEnvironmentsQuery,
  newEnvironment,
  patchEnvironment,
} from './environment.schema.js';
import { furnishEnvironment } from './furnish.js';

@ApiTags('Environments')
@Controller('v1/environments')
export class EnvironmentsController {
  constructor(@Inject(TenantDatabase) private readonly tenants: TenantDatabase) {}

  @Get()
  @Requires('read')
  @Operation({ id: 'listEnvironments', summary: 'List environments', response: environmentPage })
  list(
    @Caller() caller: Caller,
    @Query({ schema: listEnvironmentsQuery }) query: z.infer<typeof listEnvironmentsQuery>,
  ): Promise<z.infer<typeof environmentPage>> {
    return this.tenants.read(caller.tenantId, async (tx) => {
      const [after] = cursorOf(query, 1) ?? [];
      const rows = await listEnvironments(tx, caller.environmentId, { after, limit: query.limit + 1 });
      return toPage(
        rows,
        query,
        (row) => [row.slug],
        (row) => row,
      );
    });
  }

  @Get(':environment')
  @Requires('read')
  @Operation({ id: 'getEnvironment', summary: 'Show an environment', response: environment })
  get(
    @Caller() caller: Caller,
    @Param({ schema: environmentPath }) path: z.infer<typeof environmentPath>,
  ): Promise<z.infer<typeof environment>> {
    return this.tenants.read(caller.tenantId, async (tx) => {
      const found = await getEnvironment(tx, path.environment);
      inReach(caller, 'environment', { environmentId: found.id });
      return found;
    });
  }

  @Post()
  @Requires('manage', 'organization')
  @Mutation()
  @Operation({
    id: 'createEnvironment',
    summary: 'Create an environment',
    description: 'It comes with a pool `default`.',
    status: 201,
    response: environment,
  })
  async create(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Res({ passthrough: true }) response: Response,
    @Body({ schema: newEnvironment }) body: z.infer<typeof newEnvironment>,
  ): Promise<z.infer<typeof environment>> {
    const { environments: limit } = planOf((await getOrganization(tx)).plan).limits;
    const made = await createEnvironment(tx, caller, { slug: body.slug, name: body.name ?? body.slug }, limit);
    await furnishEnvironment(tx, { tenantId: tx.tenantId, environmentId: made.id });
    response.set('location', `/v1/environments/${made.id}`);
    return made;
  }

  @Patch(':environment')
  @Requires('manage', 'organization')
  @Mutation()
  @Operation({ id: 'patchEnvironment', summary: 'Rename an environment', response: environment })
  patch(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Param({ schema: environmentPath }) path: z.infer<typeof environmentPath>,
    @Body({ schema: patchEnvironment }) body: z.infer<typeof patchEnvironment>,
  ): Promise<z.infer<typeof environment>> {
    return renameEnvironment(tx, caller, path.environment, body.name);
  }
}
