import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { TenantDatabase } from '@millrace/database';
import { listAuditEvents } from '@millrace/tenancy';
import type { z } from 'zod';
import { Caller, cursorOf, Operation, Requires, toPage } from '../../edge/index.js';
import { auditEventPage, listAuditEventsQuery } from './audit-event.schema.js';

@ApiTags('Audit')
@Controller('v1/audit-events')
export class AuditEventsController {
  constructor(@Inject(TenantDatabase) private readonly tenants: TenantDatabase) {}

  @Get()
  @Requires('manage', 'organization')
  @Operation({ id: 'listAuditEvents', summary: 'List changes', description: 'Newest first.', response: auditEventPage })
  list(
    @Caller() caller: Caller,
    @Query({ schema: listAuditEventsQuery }) query: z.infer<typeof listAuditEventsQuery>,
  ): Promise<z.infer<typeof auditEventPage>> {
    return this.tenants.read(caller.tenantId, async (tx) => {
      const [before] = cursorOf(query, 1) ?? [];
      const { actor, action, target } = query;
      const rows = await listAuditEvents(tx, { actor, action, target }, { before, limit: query.limit + 1 });
      return toPage(
        rows,
        query,
        (row) => [row.id],
        (row) => ({ ...row, detail: { ...row.detail } }),
      );
    });
  }
}
