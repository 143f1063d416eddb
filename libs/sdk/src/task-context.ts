/** A declared connection behind a port on the task's own loopback. */
export interface TaskConnection {
  readonly name: string;
  readonly type: string;
  readonly host: string;
  readonly port: number;
  readonly tls: 'disable' | 'require' | 'verify';
  /** The declared host: what a TLS certificate must be checked against. */
  readonly serverName: string;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly url: string;
}

/** Lines of the attempt's log. */
export interface TaskLog {
  debug(message: unknown, facts?: unknown): void;
  info(message: unknown, facts?: unknown): void;
  warn(message: unknown, facts?: unknown): void;
  error(message: unknown, facts?: unknown): void;
}

/** The second argument of a task's function. */
export interface TaskContext {
  readonly run: Readonly<Record<string, unknown>> & { readonly id: string };
  readonly task: { readonly id: string };
  /** Null where the task is not mapped. */
  readonly mapIndex: number | null;
  /** Counts every attempt of the task, those lost by the platform included. */
  readonly attempt: number;
  /** Which try of the retry policy this is, from 1. */
  readonly try: number;
  readonly params: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly connections: Readonly<Record<string, TaskConnection>>;
  readonly log: TaskLog;
  artifact(
    name: string,
    data: string | Uint8Array | { readonly path: string },
    options?: { readonly contentType?: string },
  ): void;
  /** Aborted when the attempt is cancelled or out of time. */
  readonly signal: AbortSignal;
}
