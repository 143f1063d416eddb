import type { RunnerAssignment } from '@millrace/contracts/assignment';
import { channels, ControlDatabase, NotificationListener, openDataSource } from '@millrace/database';
import { collectProcessMetrics, logger, metrics, serveMetrics, shutdownOnSignals } from '@millrace/platform';
import type { PackageIndexes } from '@millrace/sandbox';
import { readControllerConfig } from './config.js';
import { ControllerMetrics } from './controller-metrics.js';
import { PoolController } from './pool-controller.js';
import { poolUsers } from './pool-user.js';
import { ProcessDriver } from './process-driver.js';

/** Runners hand back what has not ended by then; the whole stop has to fit into what a supervisor grants. */
const drainGraceMs = 3_000;
const orphanMs = 120_000;

/** As plain JSON data, for an assignment. */
function indexesOf({ npm, pip, fileOrigins, credentials, extraCa }: PackageIndexes): RunnerAssignment['indexes'] {
  return {
    npm: { registry: npm.registry, scopes: { ...npm.scopes } },
    pip: { indexUrl: pip.indexUrl, extraIndexUrls: [...pip.extraIndexUrls], findLinks: [...pip.findLinks] },
    fileOrigins: [...fileOrigins],
    credentials: credentials.map((credential) => ({ ...credential })),
    ...(extraCa === undefined ? {} : { extraCa }),
  };
}

async function start(): Promise<void> {
  const config = await readControllerConfig();
  const log = logger('pool-controller', { level: config.logLevel });
  collectProcessMetrics('pool-controller');
  const source = await openDataSource({
    url: config.controlDatabaseUrl,
    poolSize: config.databasePoolSize,
    applicationName: 'millrace-pool-controller',
  });
  const control = new ControlDatabase(source);
  const driver = new ProcessDriver({
    runtime: config.runtime,
    node: config.node,
    homes: config.homes,
    env: config.runnerEnv,
    gateway: config.gateway,
    temporal: config.temporal,
    indexes: indexesOf(config.indexes),
    userOf: await poolUsers(config.poolUidBase),
    spares: config.spares,
    drainGraceMs,
    orphanMs,
    log,
  });
  await driver.open();
  const controller = new PoolController({ control, driver, metrics: new ControllerMetrics(metrics), log });
  const listener = new NotificationListener({
    url: config.controlDatabaseUrl,
    applicationName: 'millrace-pool-controller-listener',
    onError: (error) => log.warn({ err: error }, 'lost the notifications of Postgres; connecting again'),
  });
  await listener.open();
  await listener.listen(channels.poolDemand, () => controller.wake());
  await listener.listen(channels.deployments, () => controller.wake());
  listener.onReconnect(() => controller.wake());
  await controller.open();
  const server =
    config.metricsPort === undefined
      ? undefined
      : await serveMetrics({
          host: '127.0.0.1',
          port: config.metricsPort,
          ready: () => control.transaction(async (tx) => void (await tx.query('select 1'))),
        });
  shutdownOnSignals({
    log,
    steps: [
      { name: 'runners', stop: () => controller.close() },
      { name: 'listener', stop: () => listener.close() },
      { name: 'metrics', stop: async () => server?.close() },
      { name: 'database', stop: () => source.destroy() },
    ],
  });
  log.info({ runtime: config.runtime, spares: config.spares }, 'looking after the pools');
}

start().catch((error: unknown) => {
  process.stderr.write(
    `the pool controller cannot start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
});
