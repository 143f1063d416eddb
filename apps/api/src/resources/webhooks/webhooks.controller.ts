import { Body, Controller, Delete, Get, Inject, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  changeWebhook,
  deleteWebhook,
  findDelivery,
  findWebhook,
  listDeliveries,
  listWebhooks,
  testWebhook,
  type Webhook,
  WebhookSecrets,
} from '@millrace/alerts';
import { TenantDatabase, type TenantTransaction } from '@millrace/database';
import { resolveEnvironment } from '@millrace/tenancy';
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
import { toDelivery, toWebhook } from './webhook.mapper.js';
import {
  delivery,
  deliveryPage,
  listWebhookDeliveriesQuery,
  listWebhooksQuery,
  newWebhook,
  patchWebhook,
  rotateSecret,
  webhook,
  webhookPage,
  webhookPath,
  webhookQuery,
  webhookWithSecret,
} from './webhook.schema.js';

const versioning: Versioning = {
  noun: 'webhook',
  read: async (tx, caller, { path }) => toWebhook(await reached(tx, caller, path['webhook'] ?? '')),
  live: ['failingSince', 'previousSecretUntil'],
};

@ApiTags('Webhooks')
@Controller('v1/webhooks')
export class WebhooksController {
  constructor(
    @Inject(TenantDatabase) private readonly tenants: TenantDatabase,
    @Inject(WebhookSecrets) private readonly secrets: WebhookSecrets,
  ) {}

  @Get()
  @Requires('read')
  @Operation({ id: 'listWebhooks', summary: 'List webhooks', response: webhookPage })
  list(
    @Caller() caller: Caller,
    @Query({ schema: listWebhooksQuery }) query: z.infer<typeof listWebhooksQuery>,
  ): Promise<z.infer<typeof webhookPage>> {
    return this.tenants.read(caller.tenantId, async (tx) => {
      const environment = await resolveEnvironment(tx, caller.environmentId, query.environment);
      const [after] = cursorOf(query, 1) ?? [];
      const rows = await listWebhooks(tx, environment.id, { after, limit: query.limit + 1 });
      return toPage(rows, query, (row) => [row.name], toWebhook);
    });
  }

  @Post()
  @Requires('manage')
  @Mutation()
  @Operation({
    id: 'createWebhook',
    summary: 'Create a webhook',
    description: 'Notify rules of the environment and its pipelines name it. The secret that signs is shown this once.',
    status: 201,
    response: webhookWithSecret,
  })
  async create(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Res({ passthrough: true }) response: Response,
    @Query({ schema: webhookQuery }) query: z.infer<typeof webhookQuery>,
    @Body({ schema: newWebhook }) body: z.infer<typeof newWebhook>,
  ): Promise<z.infer<typeof webhookWithSecret>> {
    const environment = await resolveEnvironment(tx, caller.environmentId, query.environment);
    const made = await this.secrets.create(tx, caller, { ...body, environmentId: environment.id });
    response.set('location', `/v1/webhooks/${made.webhook.id}`);
    return { ...toWebhook(made.webhook), secret: made.secret };
  }

  @Get(':webhook')
  @Requires('read')
  @Shows(versioning)
  @Operation({ id: 'getWebhook', summary: 'Show a webhook', response: webhook })
  get(
    @Caller() caller: Caller,
    @Param({ schema: webhookPath }) path: z.infer<typeof webhookPath>,
  ): Promise<z.infer<typeof webhook>> {
    return this.tenants.read(caller.tenantId, async (tx) => toWebhook(await reached(tx, caller, path.webhook)));
  }

  @Patch(':webhook')
  @Requires('manage')
  @Mutation()
  @Edits(versioning)
  @Operation({
    id: 'patchWebhook',
    summary: 'Change a webhook, or switch it on or off',
    response: webhook,
  })
  async patch(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Param({ schema: webhookPath }) path: z.infer<typeof webhookPath>,
    @Body({ schema: patchWebhook }) body: z.infer<typeof patchWebhook>,
  ): Promise<z.infer<typeof webhook>> {
    const found = await reached(tx, caller, path.webhook);
    return toWebhook(await changeWebhook(tx, caller, found.id, body));
  }

  @Delete(':webhook')
  @Requires('manage')
  @Mutation()
  @Edits(versioning)
  @Operation({
    id: 'deleteWebhook',
    summary: 'Delete a webhook',
    description: 'Its deliveries stay on record; those under way fail.',
  })
  async remove(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Param({ schema: webhookPath }) path: z.infer<typeof webhookPath>,
  ): Promise<void> {
    await deleteWebhook(tx, caller, (await reached(tx, caller, path.webhook)).id);
  }

  @Post(':webhook\\:rotate')
  @Requires('manage')
  @Mutation()
  @Operation({
    id: 'rotateWebhookSecret',
    summary: 'Replace the secret of a webhook',
    description: 'Messages are signed with both for a while, so that receivers can change over.',
    response: webhookWithSecret,
  })
  async rotate(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Param({ schema: webhookPath }) path: z.infer<typeof webhookPath>,
    @Body({ schema: rotateSecret }) body: z.infer<typeof rotateSecret>,
  ): Promise<z.infer<typeof webhookWithSecret>> {
    const found = await reached(tx, caller, path.webhook);
    const made = await this.secrets.rotate(tx, caller, found.id, body.overlapHours);
    return { ...toWebhook(made.webhook), secret: made.secret };
  }

  @Post(':webhook\\:test')
  @Requires('manage')
  @Mutation()
  @Operation({
    id: 'testWebhook',
    summary: 'Send a test message',
    description: 'Gives the delivery; look at it again to see what became of it.',
    status: 201,
    response: delivery,
  })
  async test(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Res({ passthrough: true }) response: Response,
    @Param({ schema: webhookPath }) path: z.infer<typeof webhookPath>,
  ): Promise<z.infer<typeof delivery>> {
    const found = await reached(tx, caller, path.webhook);
    const id = await testWebhook(tx, caller, found);
    response.set('location', `/v1/deliveries/${id}`);
    return toDelivery(inReach(caller, 'delivery', await findDelivery(tx, id)));
  }

  @Get(':webhook/deliveries')
  @Requires('read')
  @Operation({ id: 'listWebhookDeliveries', summary: 'List deliveries to a webhook', response: deliveryPage })
  deliveries(
    @Caller() caller: Caller,
    @Param({ schema: webhookPath }) path: z.infer<typeof webhookPath>,
    @Query({ schema: listWebhookDeliveriesQuery }) query: z.infer<typeof listWebhookDeliveriesQuery>,
  ): Promise<z.infer<typeof deliveryPage>> {
    return this.tenants.read(caller.tenantId, async (tx) => {
      const found = await reached(tx, caller, path.webhook);
      const [after] = cursorOf(query, 1) ?? [];
      const rows = await listDeliveries(tx, {
        environmentId: found.environmentId,
        webhookId: found.id,
        state: query.state,
        after,
        limit: query.limit + 1,
      });
      return toPage(rows, query, (row) => [row.id], toDelivery);
    });
  }
}

async function reached(tx: TenantTransaction, caller: Caller, id: string): Promise<Webhook> {
  return inReach(caller, 'webhook', await findWebhook(tx, id));
}
