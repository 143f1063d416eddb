import { Body, Controller, Delete, Get, Inject, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { TenantDatabase, type TenantTransaction } from '@millrace/database';
import {
  type Connection,
  deleteConnection,
  listConnections,
  putConnection,
  readConnections,
  resolveEnvironment,
} from '@millrace/tenancy';
import { DomainError } from '@millrace/kernel';
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
  connection,
  connectionPage,
  connectionPath,
  connectionQuery,
  listConnectionsQuery,
  newConnectionPath,
  putConnectionBody,
} from './connection.schema.js';

function toConnection(found: Connection): z.infer<typeof connection> {
  return { ...found, options: { ...found.options } };
}

async function find(
  tx: TenantTransaction,
  caller: Caller,
  name: string,
  slug: string | undefined,
): Promise<z.infer<typeof connection>> {
  const environment = await resolveEnvironment(tx, caller.environmentId, slug);
  const found = (await readConnections(tx, environment.id, [name])).get(name);
  if (found === undefined) throw new DomainError('not_found', 'connection.not_found', 'there is no such connection');
  return toConnection(found);
}

const versioning: Versioning = {
  noun: 'connection',
  read: (tx, caller, { path, query }) => find(tx, caller, path['name'] ?? '', query['environment']),
};

@ApiTags('Connections')
@Controller('v1/connections')
export class ConnectionsController {
  constructor(@Inject(TenantDatabase) private readonly tenants: TenantDatabase) {}

  @Get()
  @Requires('read')
  @Operation({ id: 'listConnections', summary: 'List connections', response: connectionPage })
  list(
    @Caller() caller: Caller,
    @Query({ schema: listConnectionsQuery }) query: z.infer<typeof listConnectionsQuery>,
  ): Promise<z.infer<typeof connectionPage>> {
    return this.tenants.read(caller.tenantId, async (tx) => {
      const environment = await resolveEnvironment(tx, caller.environmentId, query.environment);
      const [after] = cursorOf(query, 1) ?? [];
      const rows = await listConnections(tx, environment.id, { after, limit: query.limit + 1 });
      return toPage(rows, query, (row) => [row.name], toConnection);
    });
  }

  @Get(':name')
  @Requires('read')
  @Shows(versioning)
  @Operation({ id: 'getConnection', summary: 'Show a connection', response: connection })
  get(
    @Caller() caller: Caller,
    @Param({ schema: connectionPath }) path: z.infer<typeof connectionPath>,
    @Query({ schema: connectionQuery }) query: z.infer<typeof connectionQuery>,
  ): Promise<z.infer<typeof connection>> {
    return this.tenants.read(caller.tenantId, (tx) => find(tx, caller, path.name, query.environment));
  }

  @Put(':name')
  @Requires('manage')
  @Mutation()
  @Edits(versioning)
  @Operation({
    id: 'putConnection',
    summary: 'Set a connection',
    description: 'Its password is not part of it: it stands in a secret that the connection names.',
    response: connection,
  })
  async put(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Param({ schema: newConnectionPath }) path: z.infer<typeof newConnectionPath>,
    @Query({ schema: connectionQuery }) query: z.infer<typeof connectionQuery>,
    @Body({ schema: putConnectionBody }) body: z.infer<typeof putConnectionBody>,
  ): Promise<z.infer<typeof connection>> {
    const environment = await resolveEnvironment(tx, caller.environmentId, query.environment);
    return toConnection(await putConnection(tx, caller, environment.id, path.name, body));
  }

  @Delete(':name')
  @Requires('manage')
  @Mutation()
  @Edits(versioning)
  @Operation({ id: 'deleteConnection', summary: 'Delete a connection' })
  async remove(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Param({ schema: connectionPath }) path: z.infer<typeof connectionPath>,
    @Query({ schema: connectionQuery }) query: z.infer<typeof connectionQuery>,
  ): Promise<void> {
    const environment = await resolveEnvironment(tx, caller.environmentId, query.environment);
    await deleteConnection(tx, caller, environment.id, path.name);
  }
}
