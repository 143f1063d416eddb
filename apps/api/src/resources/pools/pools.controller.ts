import { Body, Controller, Delete, Get, Inject, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { TenantDatabase, type TenantTransaction } from '@millrace/database';
import {
  changePool,
  createPool,
  deletePool,
  findPool,
  listPools,
  listRunners,
  type Pool,
  type Runner,
  type RunnerPlace,
} from '@millrace/pools';
import { resolveEnvironment } from '@millrace/tenancy';
import type { Response } from 'express';
import type { z } from 'zod';
import {
  Caller,
  type Cursor,
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
  listPoolsQuery,
  listRunnersQuery,
  newPool,
  pool,
  poolPage,
  poolPatch,
  poolPath,
  poolQuery,
  runnerPage,
} from './pool.schema.js';

const versioning: Versioning = {
  noun: 'pool',
  read: (tx, caller, { path, query }) => find(tx, caller, path['pool'] ?? '', query['environment']),
  live: ['runners', 'slotsInUse', 'slotsLeaked', 'queued'],
};

@ApiTags('Pools')
@Controller('v1/pools')
export class PoolsController {
  constructor(@Inject(TenantDatabase) private readonly tenants: TenantDatabase) {}

  @Get()
  @Requires('read')
  @Operation({ id: 'listPools', summary: 'List pools', response: poolPage })
  list(
    @Caller() caller: Caller,
    @Query({ schema: listPoolsQuery }) query: z.infer<typeof listPoolsQuery>,
  ): Promise<z.infer<typeof poolPage>> {
    return this.tenants.read(caller.tenantId, async (tx) => {
      const environment = await resolveEnvironment(tx, caller.environmentId, query.environment);
      const [after] = cursorOf(query, 1) ?? [];
      const rows = await listPools(tx, environment.id, { after, limit: query.limit + 1 });
      return toPage(
        rows,
        query,
        (row) => [row.name],
        (row) => row,
      );
    });
  }

  @Get(':pool')
  @Requires('read')
  @Shows(versioning)
  @Operation({ id: 'getPool', summary: 'Show a pool', response: pool })
  get(
    @Caller() caller: Caller,
    @Param({ schema: poolPath }) path: z.infer<typeof poolPath>,
    @Query({ schema: poolQuery }) query: z.infer<typeof poolQuery>,
  ): Promise<z.infer<typeof pool>> {
    return this.tenants.read(caller.tenantId, (tx) => find(tx, caller, path.pool, query.environment));
  }

  @Get(':pool/runners')
  @Requires('read')
  @Operation({
    id: 'listRunners',
    summary: 'List the runners of a pool',
    description: 'Live ones first, then newest first.',
    response: runnerPage,
  })
  runners(
    @Caller() caller: Caller,
    @Param({ schema: poolPath }) path: z.infer<typeof poolPath>,
    @Query({ schema: listRunnersQuery }) query: z.infer<typeof listRunnersQuery>,
  ): Promise<z.infer<typeof runnerPage>> {
    return this.tenants.read(caller.tenantId, async (tx) => {
      const { id } = await find(tx, caller, path.pool, query.environment);
      const page = { after: placeOf(cursorOf(query, 2)), limit: query.limit + 1 };
      const rows = await listRunners(tx, id, { state: query.state }, page);
      return toPage(rows, query, cursorAt, (row) => row);
    });
  }

  @Post()
  @Requires('manage')
  @Mutation()
  @Operation({
    id: 'createPool',
    summary: 'Create a pool',
    description: 'Runners start when there is work for them; a pool without work costs nothing.',
    status: 201,
    response: pool,
  })
  async create(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Res({ passthrough: true }) response: Response,
    @Query({ schema: poolQuery }) query: z.infer<typeof poolQuery>,
    @Body({ schema: newPool }) { name, ...settings }: z.infer<typeof newPool>,
  ): Promise<z.infer<typeof pool>> {
    const environment = await resolveEnvironment(tx, caller.environmentId, query.environment);
    const made = await createPool(tx, caller, { environmentId: environment.id, name, settings });
    response.location(`/v1/pools/${made.id}`);
    return made;
  }

  @Patch(':pool')
  @Requires('manage')
  @Mutation()
  @Edits(versioning)
  @Operation({
    id: 'patchPool',
    summary: 'Change a pool',
    description:
      'Runs that have begun keep their size and price; runners that are up keep their slots until they leave. With another sandbox mode they leave when their attempts have ended.',
    response: pool,
  })
  async patch(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Param({ schema: poolPath }) path: z.infer<typeof poolPath>,
    @Query({ schema: poolQuery }) query: z.infer<typeof poolQuery>,
    @Body({ schema: poolPatch }) body: z.infer<typeof poolPatch>,
  ): Promise<z.infer<typeof pool>> {
    return changePool(tx, caller, await find(tx, caller, path.pool, query.environment), body);
  }

  @Delete(':pool')
  @Requires('manage')
  @Mutation()
  @Edits(versioning)
  @Operation({
    id: 'deletePool',
    summary: 'Delete a pool',
    description: 'Refused while runs need it or runners of it are up, and for the pool `default`.',
    problems: { 409: 'It is in use, or it is the pool `default`.' },
  })
  async remove(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Param({ schema: poolPath }) path: z.infer<typeof poolPath>,
    @Query({ schema: poolQuery }) query: z.infer<typeof poolQuery>,
  ): Promise<void> {
    await deletePool(tx, caller, await find(tx, caller, path.pool, query.environment));
  }
}

async function find(tx: TenantTransaction, caller: Caller, ref: string, slug: string | undefined): Promise<Pool> {
  const environment = await resolveEnvironment(tx, caller.environmentId, slug);
  return inReach(caller, 'pool', await findPool(tx, environment.id, ref));
}

function cursorAt(runner: Runner): Cursor {
  return [runner.state === 'ended' ? 'ended' : 'live', runner.id];
}

function placeOf(cursor: readonly string[] | undefined): RunnerPlace | undefined {
  const [part, id] = cursor ?? [];
  return id === undefined ? undefined : { ended: part === 'ended', id };
}
