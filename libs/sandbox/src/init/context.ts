import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { inspect } from 'node:util';
import type { InitConfig, InitConnection, JobHeader } from '../protocol.js';

/** A declared connection as the task's code sees it. */
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

export function taskConnection(declared: InitConnection, port: number): TaskConnection {
  const { user, password, database } = declared;
  const credentials =
    user === undefined
      ? ''
      : `${encodeURIComponent(user)}${password === undefined ? '' : `:${encodeURIComponent(password)}`}@`;
  const path = database === undefined ? '' : `/${encodeURIComponent(database)}`;
  return {
    ...declared,
    host: '127.0.0.1',
    port,
    url: `${declared.type}://${credentials}127.0.0.1:${port}${path}`,
  };
}

export interface TaskLog {
  debug(message: unknown, facts?: unknown): void;
  info(message: unknown, facts?: unknown): void;
  warn(message: unknown, facts?: unknown): void;
  error(message: unknown, facts?: unknown): void;
}

export type ArtifactSource = string | Uint8Array | { readonly path: string };

/** The second argument of a task's function. */
export interface TaskContext {
  readonly run: Readonly<Record<string, unknown>>;
  readonly task: { readonly id: string };
  readonly mapIndex: number | null;
  readonly attempt: number;
  readonly try: number;
  readonly params: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly connections: Readonly<Record<string, TaskConnection>>;
  readonly log: TaskLog;
  artifact(name: string, data: ArtifactSource, options?: { readonly contentType?: string }): void;
  /** Aborted when the attempt is cancelled or out of time; the process is killed after the grace. */
  readonly signal: AbortSignal;
}

const printLine = (stream: NodeJS.WriteStream, label: string) => {
  return (message: unknown, facts?: unknown): void => {
    const text = typeof message === 'string' ? message : inspect(message);
    stream.write(`${label}${text}${facts === undefined ? '' : ` ${JSON.stringify(facts)}`}\n`);
  };
};

const taskLog: TaskLog = {
  debug: printLine(process.stdout, 'debug: '),
  info: printLine(process.stdout, ''),
  warn: printLine(process.stderr, 'warning: '),
  error: printLine(process.stderr, 'error: '),
};

/** Below the artifact directory, whatever the name says. */
function artifactPath(directory: string, name: string): string {
  const clean = posix.normalize(name);
  if (name === '' || name.includes('\\') || posix.isAbsolute(clean) || clean.split('/').includes('..')) {
    throw new TypeError(`"${name}" is not an artifact name: use a relative path with forward slashes`);
  }
  return join(directory, clean);
}

export function artifactsDirectory(config: InitConfig): string {
  return join(config.paths.task, 'artifacts');
}

export function taskContext(
  job: JobHeader,
  config: InitConfig,
  connections: readonly TaskConnection[],
  declaredTypes: Record<string, string>,
  signal: AbortSignal,
): TaskContext {
  const { runId, taskId, mapIndex, attempt, paramsJson, run } = job.context;
  const directory = artifactsDirectory(config);
  return Object.freeze({
    run: { ...run, id: runId },
    task: { id: taskId },
    mapIndex,
    attempt,
    try: job.context.try ?? 1,
    params: JSON.parse(paramsJson ?? '{}') as Record<string, unknown>,
    secrets: Object.freeze({ ...job.secrets }),
    connections: Object.freeze(Object.fromEntries(connections.map((entry) => [entry.name, entry]))),
    log: taskLog,
    artifact(name: string, data: ArtifactSource, options?: { readonly contentType?: string }): void {
      const path = artifactPath(directory, name);
      mkdirSync(dirname(path), { recursive: true });
      if (typeof data === 'string' || data instanceof Uint8Array) writeFileSync(path, data);
      else copyFileSync(data.path, path);
      if (options?.contentType !== undefined) declaredTypes[posix.normalize(name)] = options.contentType;
    },
    signal,
  });
}
