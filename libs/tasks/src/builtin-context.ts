/** What a built-in program gets beside its configuration: the part of the sandbox's `ctx` that they use. */
export interface BuiltinContext {
  readonly connections: Readonly<Record<string, BuiltinConnection>>;
  readonly signal: AbortSignal;
  readonly log: { info(message: unknown, facts?: unknown): void; warn(message: unknown, facts?: unknown): void };
}

/** A declared connection behind its loopback port. */
export interface BuiltinConnection {
  readonly type: string;
  readonly host: string;
  readonly port: number;
  readonly tls: 'disable' | 'require' | 'verify';
  /** The declared host: what a certificate is checked against. */
  readonly serverName: string;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A failure with a code that the type's retry classes know. */
export class BuiltinError extends Error {
  override readonly name: string;
  constructor(
    name: string,
    readonly code: string,
    message: string,
    readonly retryable: boolean,
  ) {
    super(message);
    this.name = name;
  }
}
