import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { ControlDatabase, NotificationListener, TenantDatabase } from '@millrace/database';
import { openObjectStore } from '@millrace/object-store';
import { VersionCache } from '@millrace/pipelines';
import { type Logger, metrics, readEgressOpenings } from '@millrace/platform';
import { AddArtifact, AppendLog, BeginAttempt, EndAttempt, PgAttemptWork } from '@millrace/runs';
import { FileKeyWrapper, SecretVault } from '@millrace/tenancy';
import type { ApiConfig } from '../config.js';
import { apiConfig, apiLog } from '../edge/index.js';
import { readGatewayConfig } from './config.js';
import { GatewayMetrics } from './gateway-metrics.js';
import { Gateway } from './gateway.js';
import { Handshake } from './identity.js';
import { StoredTenantValues } from './tenant-values.js';

async function makeGateway(
  config: ApiConfig,
  tenants: TenantDatabase,
  control: ControlDatabase,
  listener: NotificationListener,
  log: Logger,
): Promise<Gateway> {
  const { isolation, fencing, tls } = await readGatewayConfig();
  if (fencing === 'off') log.warn('MILLRACE_TEST_FAULT=no-fence: writes of leases that are over are accepted');
  const objects = await openObjectStore(config.objectStore);
  const values = new StoredTenantValues(new SecretVault(new FileKeyWrapper(config.masterKey)));
  const openings = await readEgressOpenings(config.egressOpenFile);
  const desk = {
    tenants,
    objects,
    begin: new BeginAttempt(new VersionCache(), new PgAttemptWork(objects, values, openings)),
    end: new EndAttempt(fencing),
    append: new AppendLog(objects, fencing),
    artifacts: new AddArtifact(objects, fencing),
    metrics: new GatewayMetrics(metrics, control),
    log,
  };
  const handshake = new Handshake(control, isolation);
  return new Gateway({ tenants, control, listener, handshake, desk, log }, { address: config.gateway, tls });
}

/** The runners' door, on its own port or socket, opened with the API and closed before it. */
@Module({})
export class GatewayModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(@Inject(Gateway) private readonly gateway: Gateway) {}

  static create(): DynamicModule {
    return {
      module: GatewayModule,
      providers: [
        {
          provide: Gateway,
          useFactory: makeGateway,
          inject: [apiConfig, TenantDatabase, ControlDatabase, NotificationListener, apiLog],
        },
      ],
      exports: [Gateway],
    };
  }

  onApplicationBootstrap(): Promise<void> {
    return this.gateway.open();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.gateway.close();
  }
}
