import { Body, Controller, Get, Inject, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { TenantDatabase, type TenantTransaction } from '@millrace/database';
import { getOrganization, renameOrganization } from '@millrace/tenancy';
import type { z } from 'zod';
import { Caller, Edits, Mutation, Operation, Requires, Shows, Tx, type Versioning } from '../../edge/index.js';
import { organization, patchOrganization } from './organization.schema.js';

const versioning: Versioning = { noun: 'organization', read: getOrganization };

@ApiTags('Organization')
@Controller('v1/organization')
export class OrganizationController {
  constructor(@Inject(TenantDatabase) private readonly tenants: TenantDatabase) {}

  @Get()
  @Requires('read')
  @Shows(versioning)
  @Operation({ id: 'getOrganization', summary: 'Show the organization', response: organization })
  get(@Caller() caller: Caller): Promise<z.infer<typeof organization>> {
    return this.tenants.read(caller.tenantId, getOrganization);
  }

  @Patch()
  @Requires('manage', 'organization')
  @Mutation()
  @Edits(versioning)
  @Operation({ id: 'patchOrganization', summary: 'Rename the organization', response: organization })
  patch(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Body({ schema: patchOrganization }) body: z.infer<typeof patchOrganization>,
  ): Promise<z.infer<typeof organization>> {
    return renameOrganization(tx, caller, body.name);
  }
}
