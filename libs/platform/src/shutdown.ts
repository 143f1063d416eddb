import type { Logger } from './logger.js';

/** One thing to stop; steps run one after another, in the order given. */
export interface ShutdownStep {
  readonly name: string;
  readonly stop: () => Promise<void> | void;
}

export interface ShutdownOptions {
  readonly log: Logger;
  readonly steps: readonly ShutdownStep[];
  /** The process exits with code 1 when the steps take longer; default 20,000. */
  readonly deadlineMs?: number;
}

/**
 * Stops the process on the first SIGTERM or SIGINT: runs the steps in order, then exits with 0, or with 1 when a step
 * failed or the deadline passed. Further signals are ignored, so that a shutdown under way is never cut short by an
 * impatient sender; SIGKILL remains. Returns a function that begins the same shutdown.
 */
export function shutdownOnSignals(options: ShutdownOptions): (reason: string) => void {
  const { log, steps, deadlineMs = 20_000 } = options;
  let begun = false;

  const runSteps = async (): Promise<boolean> => {
    let clean = true;
    for (const step of steps) {
      try {
        await step.stop();
      } catch (error) {
        // One part that cannot stop must not keep the others from stopping.
        clean = false;
        log.error({ err: error, step: step.name }, 'a part did not stop cleanly');
      }
    }
    return clean;
  };

  const begin = (reason: string): void => {
    if (begun) return;
    begun = true;
    log.info({ reason }, 'stopping');
    const deadline = setTimeout(() => {
      log.error({ deadlineMs }, 'stopping took too long; exiting');
      process.exit(1);
    }, deadlineMs);
    deadline.unref();
    void runSteps().then((clean) => {
      log.info('stopped');
      process.exit(clean ? 0 : 1);
    });
  };

  process.on('SIGTERM', () => begin('SIGTERM'));
  process.on('SIGINT', () => begin('SIGINT'));
  return begin;
}
