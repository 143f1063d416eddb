import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { ControlDatabase, NotificationListener, openDataSource, TenantDatabase } from '@millrace/database';
import { logger, type Logger } from '@millrace/platform';
import { SealedText } from '@millrace/tenancy';
import type { ApiConfig } from '../config.js';
import { Access } from './access.js';
import { checkResponses, EdgeInterceptor } from './edge-interceptor.js';
import { EventStreams } from './event-stream.js';
import { EdgeGuard, edgeLimits } from './guard.js';
import { IdempotencyStore } from './idempotency.js';
import { Notifications } from './notifications.js';
import { ProblemFilter } from './problem-filter.js';
import { measurePool } from './pool-metrics.js';
import { RateLimiter } from './rate-limiter.js';
import { RequestMeter } from './request-meter.js';
import { Readiness } from './readiness.js';
import { apiConfig, apiLog, appPool, type ConnectionPool, controlPool } from './tokens.js';
import { ValidationPipe } from './validation.js';

const configured = [
  {
    provide: apiLog,
    useFactory: (config: ApiConfig): Logger => logger('api', { level: config.logLevel }),
    inject: [apiConfig],
  },
  {
    provide: appPool,
    useFactory: (config: ApiConfig) =>
      openDataSource({
        url: config.appDatabaseUrl,
        poolSize: config.databasePoolSize,
        applicationName: 'millrace-api',
      }),
    inject: [apiConfig],
  },
  {
    provide: controlPool,
    useFactory: (config: ApiConfig) =>
      openDataSource({
        url: config.controlDatabaseUrl,
        poolSize: config.databasePoolSize,
        applicationName: 'millrace-api-control',
      }),
    inject: [apiConfig],
  },
  {
    provide: TenantDatabase,
    useFactory: (source: ConnectionPool, listener: NotificationListener) => new TenantDatabase(source, listener),
    inject: [appPool, NotificationListener],
  },
  {
    provide: ControlDatabase,
    useFactory: (source: ConnectionPool) => new ControlDatabase(source),
    inject: [controlPool],
  },
  {
    provide: NotificationListener,
    useFactory: async (config: ApiConfig, log: Logger) => {
      const listener = new NotificationListener({
        url: config.appDatabaseUrl,
        applicationName: 'millrace-api-listener',
        onError: (error) => log.warn({ err: error }, 'lost the notifications of Postgres; connecting again'),
      });
      await listener.open();
      return listener;
    },
    inject: [apiConfig, apiLog],
  },
  {
    provide: IdempotencyStore,
    useFactory: (config: ApiConfig) => new IdempotencyStore(new SealedText(config.masterKey, 'stored-responses')),
    inject: [apiConfig],
  },
  { provide: edgeLimits, useFactory: (config: ApiConfig) => config.limits, inject: [apiConfig] },
  { provide: checkResponses, useFactory: (config: ApiConfig) => config.checkResponses, inject: [apiConfig] },
];

const services = [Access, RateLimiter, RequestMeter, EventStreams, Notifications, Readiness];

/** What every route passes through, and what every resource may inject. */
@Module({})
export class EdgeModule implements OnApplicationShutdown {
  constructor(
    @Inject(appPool) private readonly app: ConnectionPool,
    @Inject(controlPool) private readonly control: ConnectionPool,
    @Inject(NotificationListener) private readonly listener: NotificationListener,
    @Inject(RequestMeter) private readonly meter: RequestMeter,
  ) {
    measurePool('app', app);
    measurePool('control', control);
  }

  static create(config: ApiConfig): DynamicModule {
    return {
      module: EdgeModule,
      global: true,
      providers: [
        { provide: apiConfig, useValue: config },
        ...configured,
        ...services,
        { provide: APP_GUARD, useClass: EdgeGuard },
        { provide: APP_INTERCEPTOR, useClass: EdgeInterceptor },
        { provide: APP_PIPE, useClass: ValidationPipe },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
      exports: [
        apiConfig,
        apiLog,
        appPool,
        controlPool,
        TenantDatabase,
        ControlDatabase,
        NotificationListener,
        edgeLimits,
        ...services,
      ],
    };
  }

  // The HTTP server is closed by then, and so are the resources' modules.
  async onApplicationShutdown(): Promise<void> {
    await this.meter.close();
    await this.listener.close();
    await this.app.destroy();
    await this.control.destroy();
  }
}
