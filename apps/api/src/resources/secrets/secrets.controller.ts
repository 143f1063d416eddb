import { Body, Controller, Delete, Get, Inject, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { TenantDatabase, type TenantTransaction } from '@millrace/database';
import { listSecrets, resolveEnvironment, SecretVault } from '@millrace/tenancy';
import type { z } from 'zod';
import { Caller, cursorOf, Mutation, Operation, Requires, toPage, Tx } from '../../edge/index.js';
import {
  listSecretsQuery,
  newSecretPath,
  putSecret,
  secret,
  secretPage,
  secretPath,
  secretQuery,
} from './secret.schema.js';

@ApiTags('Secrets')
@Controller('v1/secrets')
export class SecretsController {
  constructor(
    @Inject(TenantDatabase) private readonly tenants: TenantDatabase,
    @Inject(SecretVault) private readonly vault: SecretVault,
  ) {}

  @Get()
  @Requires('read')
  @Operation({ id: 'listSecrets', summary: 'List secrets', description: 'Never their values.', response: secretPage })
  list(
    @Caller() caller: Caller,
    @Query({ schema: listSecretsQuery }) query: z.infer<typeof listSecretsQuery>,
  ): Promise<z.infer<typeof secretPage>> {
    return this.tenants.read(caller.tenantId, async (tx) => {
      const environment = await resolveEnvironment(tx, caller.environmentId, query.environment);
      const [after] = cursorOf(query, 1) ?? [];
      const rows = await listSecrets(tx, environment.id, { after, limit: query.limit + 1 });
      return toPage(
        rows,
        query,
        (row) => [row.name],
        (row) => row,
      );
    });
  }

  @Put(':name')
  @Requires('manage')
  @Mutation()
  @Operation({
    id: 'putSecret',
    summary: 'Set a secret',
    description: 'Stores a new version, encrypted, and destroys the ones before it. Nothing ever shows it again.',
    response: secret,
  })
  async put(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Param({ schema: newSecretPath }) path: z.infer<typeof newSecretPath>,
    @Query({ schema: secretQuery }) query: z.infer<typeof secretQuery>,
    @Body({ schema: putSecret }) body: z.infer<typeof putSecret>,
  ): Promise<z.infer<typeof secret>> {
    const environment = await resolveEnvironment(tx, caller.environmentId, query.environment);
    return this.vault.set(tx, caller, environment.id, path.name, body.value);
  }

  @Delete(':name')
  @Requires('manage')
  @Mutation()
  @Operation({ id: 'deleteSecret', summary: 'Destroy a secret' })
  async remove(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Param({ schema: secretPath }) path: z.infer<typeof secretPath>,
    @Query({ schema: secretQuery }) query: z.infer<typeof secretQuery>,
  ): Promise<void> {
    const environment = await resolveEnvironment(tx, caller.environmentId, query.environment);
    await this.vault.remove(tx, caller, environment.id, path.name);
  }
}
