import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { planOf } from '@millrace/billing';
import { TenantDatabase } from '@millrace/database';
import { countRequests, getOrganization, listCallerUse } from '@millrace/tenancy';
import type { z } from 'zod';
import type { ApiConfig } from '../../config.js';
import {
  apiConfig,
  Caller,
  Operation,
  OutsideOrganizationLimit,
  RateLimiter,
  RequestMeter,
  Requires,
} from '../../edge/index.js';
import { readLimitUsage } from './limit-usage.js';
import { limits } from './limit.schema.js';

@ApiTags('Limits')
@Controller('v1/limits')
export class LimitsController {
  constructor(
    @Inject(TenantDatabase) private readonly tenants: TenantDatabase,
    @Inject(apiConfig) private readonly config: Pick<ApiConfig, 'limits'>,
    @Inject(RateLimiter) private readonly limiter: RateLimiter,
    @Inject(RequestMeter) private readonly meter: RequestMeter,
  ) {}

  @Get()
  @Requires('read')
  @OutsideOrganizationLimit()
  @Operation({ id: 'getLimits', summary: 'Show what the plan allows and how much of it is used', response: limits })
  async get(@Caller() caller: Caller): Promise<z.infer<typeof limits>> {
    // This request is among those that are shown.
    await this.meter.flush();
    const shared = this.config.limits.perOrganization(caller.plan);
    const remaining = await this.limiter.remaining(shared, caller.tenantId);
    return this.tenants.read(caller.tenantId, async (tx) => {
      const plan = planOf((await getOrganization(tx)).plan);
      const [used, requests, callers] = await Promise.all([
        readLimitUsage(tx),
        countRequests(tx),
        listCallerUse(tx, { only: caller.environmentId === undefined ? undefined : caller.actor, limit: 100 }),
      ]);
      const { capacity, windowSeconds } = this.config.limits.perCredential;
      const { members, environments, pipelines, concurrentTasks, queuedRuns } = plan.limits;
      const counted = (name: string, max: number, count: number, unit: string) => ({ name, max, used: count, unit });
      return {
        plan: plan.id,
        title: plan.title,
        limits: [
          counted('members', members, used.members, 'members'),
          counted('environments', environments, used.environments, 'environments'),
          counted('pipelines', pipelines, used.pipelines, 'pipelines'),
          counted('concurrentTasks', concurrentTasks, used.concurrentTasks, 'task attempts'),
          counted('queuedRuns', queuedRuns, used.queuedRuns, 'runs that have not ended'),
          { name: 'tasksPerRun', max: plan.limits.tasksPerRun, used: null, unit: 'task instances' },
          { name: 'largestSize', max: plan.limits.largestSize, used: null, unit: 'pool size' },
          { name: 'taskTimeoutMs', max: plan.limits.taskTimeoutMs, used: null, unit: 'milliseconds' },
          counted('apiRequestsPerMinute', shared.capacity, requests, 'requests of all callers in a minute'),
          { name: 'retentionDays', max: plan.limits.retentionDays, used: null, unit: 'days' },
        ],
        rate: { requests: capacity, windowSeconds },
        organizationRate: { requests: shared.capacity, windowSeconds: shared.windowSeconds, remaining },
        callers,
      };
    });
  }
}
