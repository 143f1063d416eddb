import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { findAlert, listAlerts, type ListedAlert } from '@millrace/alerts';
import { TenantDatabase } from '@millrace/database';
import { resolveEnvironment } from '@millrace/tenancy';
import type { z } from 'zod';
import { Caller, cursorOf, inReach, Operation, Requires, toMoney, toPage } from '../../edge/index.js';
import { alert, alertPage, alertPath, listAlertsQuery } from './alert.schema.js';

function toAlert(found: ListedAlert): z.infer<typeof alert> {
  return {
    id: found.id,
    event: found.event,
    state: found.state,
    environment: found.environment,
    pipelineId: found.pipelineId,
    pipeline: found.pipeline,
    version: found.version,
    owner: found.owner,
    cause: {
      task: found.taskId,
      class: found.errorClass,
      message: found.errorMessage,
      frame: found.topFrame,
    },
    count: Number(found.failures),
    runCount: Number(found.runs),
    wasted: toMoney(found.wasted),
    runIds: [...found.runIds],
    firstSeenAt: found.firstSeenAt.toISOString(),
    lastSeenAt: found.lastSeenAt.toISOString(),
    recoveredAt: found.recoveredAt?.toISOString() ?? null,
    recoveredBy: found.recoveredBy,
    messages: found.messages,
    toldAt: found.toldAt?.toISOString() ?? null,
    nextMessageAt: found.dueAt?.toISOString() ?? null,
  };
}

@ApiTags('Alerts')
@Controller('v1/alerts')
export class AlertsController {
  constructor(@Inject(TenantDatabase) private readonly tenants: TenantDatabase) {}

  @Get()
  @Requires('read')
  @Operation({
    id: 'listAlerts',
    summary: 'List alerts',
    description: 'One alert is one cause: what fails where, from its first failure until the pipeline succeeds again.',
    response: alertPage,
  })
  list(
    @Caller() caller: Caller,
    @Query({ schema: listAlertsQuery }) query: z.infer<typeof listAlertsQuery>,
  ): Promise<z.infer<typeof alertPage>> {
    return this.tenants.read(caller.tenantId, async (tx) => {
      const environment = await resolveEnvironment(tx, caller.environmentId, query.environment);
      const { pipeline, state, event } = query;
      const [after] = cursorOf(query, 1) ?? [];
      const filter = { environmentId: environment.id, pipeline, state, event, after, limit: query.limit + 1 };
      return toPage(await listAlerts(tx, filter), query, (row) => [row.id], toAlert);
    });
  }

  @Get(':alert')
  @Requires('read')
  @Operation({ id: 'getAlert', summary: 'Show an alert', response: alert })
  get(
    @Caller() caller: Caller,
    @Param({ schema: alertPath }) path: z.infer<typeof alertPath>,
  ): Promise<z.infer<typeof alert>> {
    return this.tenants.read(caller.tenantId, async (tx) =>
      toAlert(inReach(caller, 'alert', await findAlert(tx, path.alert))),
    );
  }
}
