import type { JsonObject } from '@millrace/kernel';
import type { SandboxContext, SandboxProgram } from './job.js';
import type { SandboxError } from './result.js';

/**
 * What host and init say to each other in the headers of frames. The host believes nothing of it: once a task runs,
 * its code may write to the same channel.
 */

/** Given to init on its command line, when nobody's job is known yet. */
export interface InitConfig {
  readonly pythonPath?: string;
  readonly bootstrapPath: string;
  /** `many`: jobs come one after the other, each followed by `clean`. */
  readonly serves: 'one' | 'many';
  /** Start the Python interpreter before the job is there. */
  readonly warmPython: boolean;
  /** Descriptors that came through from the host's own parent. */
  readonly closeFds: readonly number[];
  readonly undiciPath: string;
  readonly builtins: Readonly<Record<string, string>>;
  readonly paths: {
    readonly bundle: string;
    readonly pip?: string;
    readonly task: string;
    readonly tmp: string;
    readonly shm?: string;
  };
}

/** A connection as the code will see it; init adds the loopback port. */
export interface InitConnection {
  readonly name: string;
  readonly type: string;
  /** The declared host, kept as the name that a TLS certificate is checked against. */
  readonly serverName: string;
  readonly tls: 'disable' | 'require' | 'verify';
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  readonly options: JsonObject;
}

/** A job; the body is the input's JSON text. */
export interface JobHeader {
  readonly type: 'job';
  readonly program: SandboxProgram;
  readonly context: SandboxContext;
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly connections: readonly InitConnection[];
  /** For the proxy's user name and password, where other processes could reach its port. */
  readonly proxyToken?: string;
  /** Written to both streams when the code is done, where the sandbox may be kept: what came before it is this job's. */
  readonly endMark?: string;
  readonly limits: { readonly outputBytes: number; readonly artifactBytes: number; readonly memoryBytes: number };
}

/** After a job: empty the directories, forget the job, say what cannot be forgotten. */
export interface CleanHeader {
  readonly type: 'clean';
}

/** During a job: why the declared connection of this place was reset. */
export interface RefusedHeader {
  readonly type: 'refused';
  readonly connection: number;
  readonly message: string;
}

/** The body of `result` is the output's JSON text, that of `chunk` a part of the artifact announced last. */
export type InitHeader =
  | { readonly type: 'ready' }
  | { readonly type: 'started' }
  | {
      readonly type: 'result';
      readonly ok: boolean;
      readonly error?: SandboxError;
      readonly exitCode?: number;
      readonly signal?: string;
      readonly cpuMs: number;
      readonly peakRssBytes: number;
    }
  | { readonly type: 'artifact'; readonly name: string; readonly sizeBytes: number; readonly contentType?: string }
  | { readonly type: 'chunk' }
  | { readonly type: 'done' }
  /** `left`: kinds of things that the job left behind in the process (timers, sockets, …). */
  | { readonly type: 'cleaned'; readonly left: readonly string[] };

/** What init says beside a listening socket that it hands to the host over the process channel. */
export type ListenerMessage =
  { readonly listener: 'proxy' } | { readonly listener: 'connection'; readonly index: number };

export const maxHeaderBytes = 1024 * 1024;
export const chunkBytes = 256 * 1024;
export const maxArtifacts = 1000;
export const maxArtifactNameLength = 200;

/** The error code by which init says that the output is over its limit. */
export const outputTooLargeCode = 'output_too_large';
