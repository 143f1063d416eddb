import { Body, Controller, Delete, Get, Inject, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { TenantDatabase, type TenantTransaction } from '@millrace/database';
import { getSecret, listSecrets, resolveEnvironment, type SecretInfo, SecretVault } from '@millrace/tenancy';
import type { z } from 'zod';
import {
  Caller,
  cursorOf,
  Edits,
  Mutation,
  Operation,
  Requires,
  Shows,
  toPage,
  Tx,
  type Versioning,
} from '../../edge/index.js';
import {
  listSecretsQuery,
  newSecretPath,
  putSecret,
  secret,
  secretPage,
  secretPath,
  secretQuery,
} from './secret.schema.js';

async function find(
  tx: TenantTransaction,
  caller: Caller,
  name: string,
  slug: string | undefined,
): Promise<SecretInfo> {
  const environment = await resolveEnvironment(tx, caller.environmentId, slug);
  return getSecret(tx, environment.id, name);
}

// The number of the version rises with each value: an ETag says that a value has changed, and nothing of the value.
const versioning: Versioning = {
  noun: 'secret',
  read: (tx, caller, { path, query }) => find(tx, caller, path['name'] ?? '', query['environment']),
};

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

  @Get(':name')
  @Requires('read')
  @Shows(versioning)
  @Operation({ id: 'getSecret', summary: 'Show a secret', description: 'Never its value.', response: secret })
  get(
    @Caller() caller: Caller,
    @Param({ schema: secretPath }) path: z.infer<typeof secretPath>,
    @Query({ schema: secretQuery }) query: z.infer<typeof secretQuery>,
  ): Promise<z.infer<typeof secret>> {
    return this.tenants.read(caller.tenantId, (tx) => find(tx, caller, path.name, query.environment));
  }

  @Put(':name')
  @Requires('manage')
  @Mutation()
  @Edits(versioning)
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
  @Edits(versioning)
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
