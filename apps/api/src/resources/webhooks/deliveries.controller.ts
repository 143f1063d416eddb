import { Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { findDelivery, listDeliveries, readDeliveryDetails, replayDelivery } from '@millrace/alerts';
import { TenantDatabase, type TenantTransaction } from '@millrace/database';
import { resolveEnvironment } from '@millrace/tenancy';
import type { Response } from 'express';
import type { z } from 'zod';
import { Caller, cursorOf, inReach, Mutation, Operation, Requires, toPage, Tx } from '../../edge/index.js';
import { toDelivery, toDeliveryDetails } from './webhook.mapper.js';
import { delivery, deliveryDetails, deliveryPage, deliveryPath, listDeliveriesQuery } from './webhook.schema.js';

@ApiTags('Webhooks')
@Controller('v1/deliveries')
export class DeliveriesController {
  constructor(@Inject(TenantDatabase) private readonly tenants: TenantDatabase) {}

  @Get()
  @Requires('read')
  @Operation({
    id: 'listDeliveries',
    summary: 'List deliveries',
    description: 'Of all messages of the environment, to webhooks and by e-mail, newest first.',
    response: deliveryPage,
  })
  list(
    @Caller() caller: Caller,
    @Query({ schema: listDeliveriesQuery }) query: z.infer<typeof listDeliveriesQuery>,
  ): Promise<z.infer<typeof deliveryPage>> {
    return this.tenants.read(caller.tenantId, async (tx) => {
      const environment = await resolveEnvironment(tx, caller.environmentId, query.environment);
      const [after] = cursorOf(query, 1) ?? [];
      const rows = await listDeliveries(tx, {
        environmentId: environment.id,
        alertId: query.alert,
        state: query.state,
        after,
        limit: query.limit + 1,
      });
      return toPage(rows, query, (row) => [row.id], toDelivery);
    });
  }

  @Get(':delivery')
  @Requires('read')
  @Operation({
    id: 'getDelivery',
    summary: 'Show a delivery',
    description: 'With what is sent and every attempt.',
    response: deliveryDetails,
  })
  get(
    @Caller() caller: Caller,
    @Param({ schema: deliveryPath }) path: z.infer<typeof deliveryPath>,
  ): Promise<z.infer<typeof deliveryDetails>> {
    return this.tenants.read(caller.tenantId, async (tx) => {
      const found = inReach(caller, 'delivery', await findDelivery(tx, path.delivery));
      return toDeliveryDetails(found, await readDeliveryDetails(tx, found.id));
    });
  }

  @Post(':delivery\\:replay')
  @Requires('manage')
  @Mutation()
  @Operation({
    id: 'replayDelivery',
    summary: 'Send a message again',
    description: 'Under the same `webhook-id`, as a delivery of its own. Only of one that is over.',
    status: 201,
    response: delivery,
  })
  async replay(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Res({ passthrough: true }) response: Response,
    @Param({ schema: deliveryPath }) path: z.infer<typeof deliveryPath>,
  ): Promise<z.infer<typeof delivery>> {
    const found = inReach(caller, 'delivery', await findDelivery(tx, path.delivery));
    const id = await replayDelivery(tx, caller, found);
    response.set('location', `/v1/deliveries/${id}`);
    return toDelivery(inReach(caller, 'delivery', await findDelivery(tx, id)));
  }
}
