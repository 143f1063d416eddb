import type { OfferedConnection } from '@millrace/contracts/wire';
import type { TenantTransaction } from '@millrace/database';
import type { InstanceFacts, PinnedVersion } from './attempt-lease.js';

/** What an attempt is to do and may know: the tenant's part of an offer. */
export interface AttemptWork {
  readonly type: string;
  /** Placeholders resolved; parsed JSON. */
  readonly config: unknown;
  /** JSON text, to the byte; absent where it is large and lies in the object store. */
  readonly input?: string;
  readonly inputDigest?: string;
  /** JSON text. */
  readonly params: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly connections: readonly OfferedConnection[];
  readonly variables: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly memoryBytes: number;
  /** Present where the task asks for a sandbox of its own. */
  readonly sandbox?: 'fresh';
  readonly egressOpen: readonly { readonly host: string; readonly port: number }[];
}

export interface WorkRequest {
  readonly attemptId: string;
  readonly runId: string;
  readonly taskId: string;
  readonly mapIndex: number;
  readonly facts: InstanceFacts;
  readonly version: PinnedVersion;
}

/** Makes the work of an attempt from the plan, what came before it in the run, and what the tenant stored. */
export interface WorkSource {
  /** @throws DomainError of kind `invalid`, `not_found` or `too_large` where the author has to mend something. */
  resolve(tx: TenantTransaction, request: WorkRequest): Promise<AttemptWork>;
}

/** Inputs up to this many bytes of JSON text travel in the offer; larger ones by digest. */
export const inlineInputBytes = 512 * 1024;
