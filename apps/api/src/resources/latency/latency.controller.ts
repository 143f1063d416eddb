import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { TenantDatabase } from '@millrace/database';
import { findPool } from '@millrace/pools';
import { readStartLatency } from '@millrace/runs';
import { resolveEnvironment } from '@millrace/tenancy';
import type { z } from 'zod';
import { Caller, inReach, Operation, Requires } from '../../edge/index.js';
import { latencyPath, latencyQuery, poolLatency } from './latency.schema.js';

const standardWindowMs = 3_600_000;

@ApiTags('Pools')
@Controller('v1/pools')
export class LatencyController {
  constructor(@Inject(TenantDatabase) private readonly tenants: TenantDatabase) {}

  @Get(':pool/latency')
  @Requires('read')
  @Operation({
    id: 'getPoolLatency',
    summary: 'Show how soon runs begin in a pool',
    description: 'Median and 95th percentile from the trigger to the first line of code, as the runs themselves say.',
    response: poolLatency,
  })
  get(
    @Caller() caller: Caller,
    @Param({ schema: latencyPath }) path: z.infer<typeof latencyPath>,
    @Query({ schema: latencyQuery }) query: z.infer<typeof latencyQuery>,
  ): Promise<z.infer<typeof poolLatency>> {
    const since = query.since ?? new Date(Date.now() - standardWindowMs);
    return this.tenants.read(caller.tenantId, async (tx) => {
      const environment = await resolveEnvironment(tx, caller.environmentId, query.environment);
      const pool = inReach(caller, 'pool', await findPool(tx, environment.id, path.pool));
      const order = { environmentId: pool.environmentId, poolId: pool.id, since, limit: query.runs };
      const { all, ways } = await readStartLatency(tx, order);
      return { poolId: pool.id, pool: pool.name, since: since.toISOString(), start: all, ways: [...ways] };
    });
  }
}
