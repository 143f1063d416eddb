import { AsyncLocalStorage } from 'node:async_hooks';
import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';

/** Structured log of a process: one JSON object a line. */
export type Logger = PinoLogger;

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Fields that every line written within the same request or attempt carries. */
export type LogFields = Readonly<Record<string, string | number | boolean>>;

export interface LoggerOptions {
  /** Lines below this are not written; default `info`. */
  readonly level?: LogLevel;
  /** Where lines go; default standard output. */
  readonly destination?: DestinationStream;
}

const scope = new AsyncLocalStorage<LogFields>();

// Last line of defence only: secrets are kept out of log calls in the first place.
const secretPaths = ['authorization', 'cookie', 'password', 'secret', 'token', 'apiKey'].flatMap((key) => [
  key,
  `*.${key}`,
  `*.*.${key}`,
]);

/**
 * The log of one process or part, written to standard output as JSON lines with `time` in ISO 8601.
 * Fields given to {@link withLogFields} further up the call chain are added to each line.
 */
export function logger(name: string, options: LoggerOptions = {}): Logger {
  const settings = {
    name,
    level: options.level ?? 'info',
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: secretPaths, censor: '[redacted]' },
    mixin: () => ({ ...scope.getStore() }),
  };
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination);
}

/** Runs `work` so that each line logged within it, also after an `await`, carries these fields and the outer ones. */
export function withLogFields<T>(fields: LogFields, work: () => T): T {
  return scope.run({ ...scope.getStore(), ...fields }, work);
}
