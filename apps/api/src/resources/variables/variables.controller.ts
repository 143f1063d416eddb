import { Body, Controller, Delete, Get, Inject, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { TenantDatabase, type TenantTransaction } from '@millrace/database';
import { deleteVariable, listVariables, putVariable, resolveEnvironment } from '@millrace/tenancy';
import type { z } from 'zod';
import { Caller, cursorOf, Mutation, Operation, Requires, toPage, Tx } from '../../edge/index.js';
import {
  listVariablesQuery,
  newVariablePath,
  putVariableBody,
  variable,
  variablePage,
  variablePath,
  variableQuery,
} from './variable.schema.js';

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

  @Put(':name')
  @Requires('deploy')
  @Mutation()
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
