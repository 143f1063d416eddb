import { DomainError } from '@millrace/kernel';
import { collectProcessMetrics, logger, serveMetrics, shutdownOnSignals } from '@millrace/platform';
import { installRuntime } from '@millrace/temporal';
import { readOrchestratorConfig } from './config.js';
import { startOrchestrator } from './orchestrator.js';

async function start(): Promise<void> {
  const config = await readOrchestratorConfig();
  const log = logger('orchestrator', { level: config.logLevel });
  collectProcessMetrics('orchestrator');
  installRuntime({ log });
  const orchestrator = await startOrchestrator(config, log);
  const server =
    config.metrics === undefined ? undefined : await serveMetrics({ ...config.metrics, ready: orchestrator.check });
  const stop = shutdownOnSignals({
    log,
    steps: [
      { name: 'orchestrator', stop: () => orchestrator.close() },
      { name: 'metrics', stop: () => server?.close() },
      // Makes the exit code tell of a worker that failed.
      { name: 'workflow worker', stop: () => orchestrator.ended },
    ],
  });
  // Whoever watches this process starts a new one; nothing of a run is kept in memory alone.
  orchestrator.ended.catch(() => stop('the workflow worker failed'));
  log.info({ temporal: config.temporal.address, namespace: config.temporal.namespace }, 'running');
}

start().catch((error: unknown) => {
  const text =
    error instanceof DomainError
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  process.stderr.write(`the orchestrator cannot start: ${text}\n`);
  process.exit(1);
});
