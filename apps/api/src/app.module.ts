import { type DynamicModule, Module } from '@nestjs/common';
import type { ApiConfig } from './config.js';
import { EdgeModule } from './edge/edge.module.js';
import { GatewayModule } from './gateway/gateway.module.js';
import { AlertsModule } from './resources/alerts/alerts.module.js';
import { AccountModule } from './resources/account/account.module.js';
import { ApiKeysModule } from './resources/api-keys/api-keys.module.js';
import { ArtifactsModule } from './resources/artifacts/artifacts.module.js';
import { AuditEventsModule } from './resources/audit-events/audit-events.module.js';
import { ConnectionsModule } from './resources/connections/connections.module.js';
import { DeploymentsModule } from './resources/deployments/deployments.module.js';
import { DownloadsModule } from './resources/downloads/downloads.module.js';
import { EnvironmentsModule } from './resources/environments/environments.module.js';
import { LatencyModule } from './resources/latency/latency.module.js';
import { LimitsModule } from './resources/limits/limits.module.js';
import { LogsModule } from './resources/logs/logs.module.js';
import { MailboxModule } from './resources/mailbox/mailbox.module.js';
import { MembersModule } from './resources/members/members.module.js';
import { OrganizationModule } from './resources/organization/organization.module.js';
import { PipelinesModule } from './resources/pipelines/pipelines.module.js';
import { PoolsModule } from './resources/pools/pools.module.js';
import { RunsModule } from './resources/runs/runs.module.js';
import { SecretsModule } from './resources/secrets/secrets.module.js';
import { SessionModule } from './resources/session/session.module.js';
import { SystemModule } from './resources/system/system.module.js';
import { UsageModule } from './resources/usage/usage.module.js';
import { VariablesModule } from './resources/variables/variables.module.js';
import { WebhooksModule } from './resources/webhooks/webhooks.module.js';

/** One line per resource. */
const resources = [
  SessionModule,
  AccountModule,
  OrganizationModule,
  EnvironmentsModule,
  MembersModule,
  ApiKeysModule,
  SecretsModule,
  ConnectionsModule,
  VariablesModule,
  AuditEventsModule,
  LimitsModule,
  PoolsModule,
  LatencyModule,
  LogsModule,
  ArtifactsModule,
  UsageModule,
  DeploymentsModule,
  PipelinesModule,
  RunsModule,
  AlertsModule,
  WebhooksModule,
  MailboxModule,
  DownloadsModule,
  SystemModule,
  GatewayModule.create(),
];

@Module({})
export class AppModule {
  static create(config: ApiConfig): DynamicModule {
    return { module: AppModule, imports: [EdgeModule.create(config), ...resources] };
  }
}
