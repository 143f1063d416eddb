import { DomainError } from '@millrace/kernel';
import { collectProcessMetrics, logger, shutdownOnSignals } from '@millrace/platform';
import { readApiConfig } from './config.js';
import { createApi } from './create-api.js';

async function start(): Promise<void> {
  const config = await readApiConfig();
  const log = logger('api', { level: config.logLevel });
  collectProcessMetrics('api');
  const app = await createApi(config);
  await app.listen(config.port, config.bind);
  shutdownOnSignals({ log, steps: [{ name: 'api', stop: () => app.close() }] });
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
