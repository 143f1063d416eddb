import type { Server } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DomainError } from '@millrace/kernel';
import { collectProcessMetrics, logger, shutdownOnSignals } from '@millrace/platform';
import { readApiConfig } from './config.js';
import { createApi } from './create-api.js';

/** What is under way gets this long to finish; requests that wait for something (`?wait=60s`) are then cut off. */
const graceMs = 5_000;

async function stop(app: NestExpressApplication): Promise<void> {
  const server: Server = app.getHttpServer();
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await app.close();
  clearTimeout(cut);
}

async function start(): Promise<void> {
  const config = await readApiConfig();
  const log = logger('api', { level: config.logLevel });
  collectProcessMetrics('api');
  const app = await createApi(config);
  await app.listen(config.port, config.bind);
  shutdownOnSignals({ log, steps: [{ name: 'api', stop: () => stop(app) }] });
  log.info({ url: config.publicUrl, bind: config.bind, port: config.port }, 'listening');
}

start().catch((error: unknown) => {
  const text =
    error instanceof DomainError
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  process.stderr.write(`the API cannot start: ${text}\n`);
  process.exit(1);
});
