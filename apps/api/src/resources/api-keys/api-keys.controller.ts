import { Body, Controller, Delete, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { TenantDatabase, type TenantTransaction } from '@millrace/database';
import {
  type ApiKey,
  createApiKey,
  getApiKey,
  listApiKeys,
  resolveEnvironment,
  revokeApiKey,
  rotateApiKey,
} from '@millrace/tenancy';
import type { Response } from 'express';
import type { z } from 'zod';
import { Caller, cursorOf, Mutation, Operation, Requires, toPage, Tx } from '../../edge/index.js';
import { apiKey, apiKeyPage, apiKeyPath, listApiKeysQuery, madeApiKey, newApiKey } from './api-key.schema.js';

function toApiKey(key: ApiKey): z.infer<typeof apiKey> {
  return { ...key, scopes: [...key.scopes] };
}

@ApiTags('API keys')
@Controller('v1/api-keys')
export class ApiKeysController {
  constructor(@Inject(TenantDatabase) private readonly tenants: TenantDatabase) {}

  @Get()
  @Requires('manage')
  @Operation({ id: 'listApiKeys', summary: 'List API keys', response: apiKeyPage })
  list(
    @Caller() caller: Caller,
    @Query({ schema: listApiKeysQuery }) query: z.infer<typeof listApiKeysQuery>,
  ): Promise<z.infer<typeof apiKeyPage>> {
    return this.tenants.read(caller.tenantId, async (tx) => {
      const [before] = cursorOf(query, 1) ?? [];
      const rows = await listApiKeys(tx, caller.environmentId, { before, limit: query.limit + 1 });
      return toPage(rows, query, (row) => [row.id], toApiKey);
    });
  }

  @Post()
  @Requires('manage')
  @Mutation()
  @Operation({
    id: 'createApiKey',
    summary: 'Make an API key',
    description: 'With scopes that you have yourself. A key bound to an environment makes only keys bound to the same.',
    status: 201,
    response: madeApiKey,
  })
  async create(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Res({ passthrough: true }) response: Response,
    @Body({ schema: newApiKey }) body: z.infer<typeof newApiKey>,
  ): Promise<z.infer<typeof madeApiKey>> {
    const environment =
      body.environment === undefined ? undefined : await resolveEnvironment(tx, caller.environmentId, body.environment);
    const made = await createApiKey(tx, caller, {
      name: body.name,
      scopes: body.scopes,
      environmentId: environment?.id,
      expiresAt: body.expiresAt,
    });
    response.set('location', `/v1/api-keys/${made.apiKey.id}`);
    return { ...toApiKey(made.apiKey), key: made.key };
  }

  @Get(':apiKey')
  @Requires('manage')
  @Operation({ id: 'getApiKey', summary: 'Show an API key', response: apiKey })
  get(
    @Caller() caller: Caller,
    @Param({ schema: apiKeyPath }) path: z.infer<typeof apiKeyPath>,
  ): Promise<z.infer<typeof apiKey>> {
    return this.tenants.read(caller.tenantId, async (tx) =>
      toApiKey(await getApiKey(tx, caller.environmentId, path.apiKey)),
    );
  }

  @Post(':apiKey\\:rotate')
  @Requires('manage')
  @Mutation()
  @Operation({
    id: 'rotateApiKey',
    summary: 'Replace an API key',
    description: 'Makes a key with the same rights. The old one works for another 24 hours.',
    status: 201,
    response: madeApiKey,
  })
  async rotate(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Param({ schema: apiKeyPath }) path: z.infer<typeof apiKeyPath>,
  ): Promise<z.infer<typeof madeApiKey>> {
    const made = await rotateApiKey(tx, caller, path.apiKey);
    return { ...toApiKey(made.apiKey), key: made.key };
  }

  @Delete(':apiKey')
  @Requires('manage')
  @Mutation()
  @Operation({
    id: 'revokeApiKey',
    summary: 'Revoke an API key',
    description: 'It is refused from the next request on.',
  })
  revoke(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Param({ schema: apiKeyPath }) path: z.infer<typeof apiKeyPath>,
  ): Promise<void> {
    return revokeApiKey(tx, caller, path.apiKey);
  }
}
