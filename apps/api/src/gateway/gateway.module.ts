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
import {
  AddArtifact,
  AppendLog,
  BeginAttempt,
  EndAttempt,
  KnownRuns,
  LeaseNext,
  OfferAttempt,
  PgAttemptWork,
  StartDirectly,
} from '@millrace/runs';
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
): Promise<RunnersDoor> {
  const { isolation, fencing, losesLog, tls, ways } = await readGatewayConfig();
  if (fencing === 'off') log.warn('MILLRACE_TEST_FAULT=no-fence: writes of leases that are over are accepted');
  const objects = await openObjectStore(config.objectStore);
  const values = new StoredTenantValues(new SecretVault(new FileKeyWrapper(config.masterKey)));
  const openings = await readEgressOpenings(config.egressOpenFile);
  const versions = new VersionCache();
  const works = new PgAttemptWork(objects, values, openings);
  const runs = new KnownRuns();
  const begin = new BeginAttempt(versions, works, runs);
  const desk = {
    tenants,
    objects,
    begin,
    next: new LeaseNext(versions, works, runs, begin),
    offers: new OfferAttempt(versions, works, runs),
    end: new EndAttempt(fencing),
    append: new AppendLog(objects, fencing),
    artifacts: new AddArtifact(objects, fencing),
    metrics: new GatewayMetrics(metrics, control),
    losesLog,
    log,
  };
  const handshake = new Handshake(control, isolation);
  const gateway = new Gateway({ tenants, control, listener, handshake, desk, log }, { address: config.gateway, tls });
  return { gateway, directly: ways.includes('direct') ? new StartDirectly(gateway, works, runs) : undefined };
}

/** The gateway with what else hangs on the runners that are connected to it. */
interface RunnersDoor {
  readonly gateway: Gateway;
  readonly directly: StartDirectly | undefined;
}

const runnersDoor = Symbol('runnersDoor');
/** `StartDirectly`, or undefined where the operator has closed that way. */
export const directStart = Symbol('directStart');

/** The runners' door, on its own port or socket, opened with the API and closed before it. */
@Module({})
export class GatewayModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(@Inject(Gateway) private readonly gateway: Gateway) {}

  static create(): DynamicModule {
    return {
      module: GatewayModule,
      providers: [
        {
          provide: runnersDoor,
          useFactory: makeGateway,
          inject: [apiConfig, TenantDatabase, ControlDatabase, NotificationListener, apiLog],
        },
        { provide: Gateway, useFactory: ({ gateway }: RunnersDoor) => gateway, inject: [runnersDoor] },
        { provide: directStart, useFactory: ({ directly }: RunnersDoor) => directly ?? null, inject: [runnersDoor] },
      ],
      exports: [Gateway, directStart],
      global: true,
    };
  }

  onApplicationBootstrap(): Promise<void> {
    return this.gateway.open();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.gateway.close();
  }
}
