import { Body, Controller, Delete, Get, Inject, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { TenantDatabase, type TenantTransaction } from '@millrace/database';
import {
  deleteVariable,
  getVariable,
  listVariables,
  putVariable,
  resolveEnvironment,
  type Variable,
} from '@millrace/tenancy';
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
  listVariablesQuery,
  newVariablePath,
  putVariableBody,
  variable,
  variablePage,
  variablePath,
  variableQuery,
} from './variable.schema.js';

async function find(tx: TenantTransaction, caller: Caller, name: string, slug: string | undefined): Promise<Variable> {
  const environment = await resolveEnvironment(tx, caller.environmentId, slug);
  return getVariable(tx, environment.id, name);
}

const versioning: Versioning = {
  noun: 'variable',
  read: (tx, caller, { path, query }) => find(tx, caller, path['name'] ?? '', query['environment']),
};

@ApiTags('Variables')
@Controller('v1/variables')
export class VariablesController {
  constructor(@Inject(TenantDatabase) private readonly tenants: TenantDatabase) {}

  @Get()
  @Requires('read')
  @Operation({ id: 'listVariables', summary: 'List variables', response: variablePage })
  list(
    @Caller() caller: Caller,
    @Query({ schema: listVariablesQuery }) query: z.infer<typeof listVariablesQuery>,
  ): Promise<z.infer<typeof variablePage>> {
    return this.tenants.read(caller.tenantId, async (tx) => {
      const environment = await resolveEnvironment(tx, caller.environmentId, query.environment);
      const [after] = cursorOf(query, 1) ?? [];
      const rows = await listVariables(tx, environment.id, { after, limit: query.limit + 1 });
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
  @Operation({ id: 'getVariable', summary: 'Show a variable', response: variable })
  get(
    @Caller() caller: Caller,
    @Param({ schema: variablePath }) path: z.infer<typeof variablePath>,
    @Query({ schema: variableQuery }) query: z.infer<typeof variableQuery>,
  ): Promise<z.infer<typeof variable>> {
    return this.tenants.read(caller.tenantId, (tx) => find(tx, caller, path.name, query.environment));
  }

  @Put(':name')
  @Requires('deploy')
  @Mutation()
  @Edits(versioning)
  @Operation({ id: 'putVariable', summary: 'Set a variable', response: variable })
  async put(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Param({ schema: newVariablePath }) path: z.infer<typeof newVariablePath>,
    @Query({ schema: variableQuery }) query: z.infer<typeof variableQuery>,
    @Body({ schema: putVariableBody }) body: z.infer<typeof putVariableBody>,
  ): Promise<z.infer<typeof variable>> {
    const environment = await resolveEnvironment(tx, caller.environmentId, query.environment);
    return putVariable(tx, caller, environment.id, path.name, body.value);
  }

  @Delete(':name')
  @Requires('deploy')
  @Mutation()
  @Edits(versioning)
  @Operation({ id: 'deleteVariable', summary: 'Delete a variable' })
  async remove(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Param({ schema: variablePath }) path: z.infer<typeof variablePath>,
    @Query({ schema: variableQuery }) query: z.infer<typeof variableQuery>,
  ): Promise<void> {
    const environment = await resolveEnvironment(tx, caller.environmentId, query.environment);
    await deleteVariable(tx, caller, environment.id, path.name);
  }
}
