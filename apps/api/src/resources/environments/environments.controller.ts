import { Body, Controller, Delete, Get, Inject, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { requireWebhooks } from '@millrace/alerts';
import { planOf } from '@millrace/billing';
import { fullNotifyRules } from '@millrace/contracts/notify';
import { TenantDatabase, type TenantTransaction } from '@millrace/database';
import {
  changeEnvironment,
  createEnvironment,
  type Environment,
  getEnvironment,
  getOrganization,
  listEnvironments,
} from '@millrace/tenancy';
import type { Response } from 'express';
import type { z } from 'zod';
import {
  Caller,
  cursorOf,
  Edits,
  inReach,
  Mutation,
  Operation,
  Requires,
  Shows,
  toPage,
  Tx,
  type Versioning,
} from '../../edge/index.js';
import {
  environment,
  environmentPage,
  environmentPath,
  listEnvironmentsQuery,
  newEnvironment,
  patchEnvironment,
} from './environment.schema.js';
import { furnishEnvironment } from './furnish.js';
import { removeEnvironment } from './remove-environment.js';

function toEnvironment(found: Environment): z.infer<typeof environment> {
  const { notify, ...rest } = found;
  return {
    ...rest,
    notify:
      notify?.map((rule) =>
        'email' in rule ? { on: [...rule.on], email: [...rule.email] } : { ...rule, on: [...rule.on] },
      ) ?? null,
  };
}

async function find(tx: TenantTransaction, caller: Caller, ref: string): Promise<z.infer<typeof environment>> {
  const found = await getEnvironment(tx, ref);
  inReach(caller, 'environment', { environmentId: found.id });
  return toEnvironment(found);
}

const versioning: Versioning = {
  noun: 'environment',
  read: (tx, caller, { path }) => find(tx, caller, path['environment'] ?? ''),
};

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
      return toPage(rows, query, (row) => [row.slug], toEnvironment);
    });
  }

  @Get(':environment')
  @Requires('read')
  @Shows(versioning)
  @Operation({ id: 'getEnvironment', summary: 'Show an environment', response: environment })
  get(
    @Caller() caller: Caller,
    @Param({ schema: environmentPath }) path: z.infer<typeof environmentPath>,
  ): Promise<z.infer<typeof environment>> {
    return this.tenants.read(caller.tenantId, (tx) => find(tx, caller, path.environment));
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
    return toEnvironment(made);
  }

  @Patch(':environment')
  @Requires('manage', 'organization')
  @Mutation()
  @Edits(versioning)
  @Operation({
    id: 'patchEnvironment',
    summary: 'Change an environment: its name, and who is told of failures',
    response: environment,
  })
  async patch(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Param({ schema: environmentPath }) path: z.infer<typeof environmentPath>,
    @Body({ schema: patchEnvironment }) body: z.infer<typeof patchEnvironment>,
  ): Promise<z.infer<typeof environment>> {
    const notify = body.notify === undefined || body.notify === null ? body.notify : fullNotifyRules(body.notify);
    if (notify !== undefined && notify !== null) {
      await requireWebhooks(tx, (await getEnvironment(tx, path.environment)).id, notify);
    }
    return toEnvironment(await changeEnvironment(tx, caller, path.environment, { name: body.name, notify }));
  }

  @Delete(':environment')
  @Requires('manage', 'organization')
  @Mutation()
  @Edits(versioning)
  @Operation({
    id: 'deleteEnvironment',
    summary: 'Delete an environment',
    description:
      'Its pools, connections, variables and webhooks go, and the values of its secrets are destroyed. Its runs and its usage stay. Refused while anything uses it; nothing is deleted by half.',
    problems: {
      409: 'It is `production`, or `errors` lists what is in the way: runs, bound API keys, deployments, runners.',
    },
  })
  async remove(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Param({ schema: environmentPath }) path: z.infer<typeof environmentPath>,
  ): Promise<void> {
    await removeEnvironment(tx, caller, await getEnvironment(tx, path.environment));
  }
}
