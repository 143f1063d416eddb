import type { LoggerService } from '@nestjs/common';
import type { Logger } from '@millrace/platform';

/** Nest's own messages in the log of the process; its start-up chatter only at `debug`. */
export class NestLog implements LoggerService {
  constructor(private readonly out: Logger) {}

  log(message: unknown, context?: unknown): void {
    this.out.debug({ context }, String(message));
  }

  warn(message: unknown, context?: unknown): void {
    this.out.warn({ context }, String(message));
  }

  error(message: unknown, stack?: unknown, context?: unknown): void {
    this.out.error({ context, stack }, String(message));
  }

  debug(message: unknown, context?: unknown): void {
    this.out.trace({ context }, String(message));
  }

  verbose(message: unknown, context?: unknown): void {
    this.out.trace({ context }, String(message));
  }
}
