import 'reflect-metadata';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import type { ApiConfig } from './config.js';
import { NestLog } from './edge/nest-log.js';
import { apiLog } from './edge/tokens.js';
import { site } from './edge/site.js';
import { requestContext } from './edge/request-context.js';
import type { Logger } from '@millrace/platform';

/**
 * Builds the application and opens its databases; it does not listen yet. Close it with `app.close()`. Rejects when
 * Postgres cannot be reached.
 */
export async function createApi(
  config: ApiConfig,
  root: DynamicModule = AppModule.create(config),
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(root, {
    // Bodies are read by the guard, once the caller is known.
    bodyParser: false,
    bufferLogs: true,
    abortOnError: false,
    ...(config.tls === undefined ? {} : { httpsOptions: config.tls }),
  });
  const log = app.get<Logger>(apiLog);
  app.useLogger(new NestLog(log));
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  if (config.trustProxy !== undefined) app.set('trust proxy', config.trustProxy);
  app.use(requestContext({ log, secure: config.publicUrl.startsWith('https:') }));
  app.use(site({ folder: config.consoleFolder, log }));
  await app.init();
  return app;
}
