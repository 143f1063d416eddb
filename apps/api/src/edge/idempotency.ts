import type { Transaction } from '@millrace/database';
import { DomainError } from '@millrace/kernel';
import type { SealedText } from '@millrace/tenancy';

/** One request that carries an `Idempotency-Key`. */
export interface KeyedRequest {
  /** The tenant, or `public`. */
  readonly scope: string;
  /** The client's key, prefixed with whose it is. */
  readonly key: string;
  readonly route: string;
  readonly bodyHash: Buffer;
}

/** The answer to a mutation, as it was or will be sent. */
export interface StoredResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Values of `Set-Cookie`: credentials, kept sealed like the body. */
  readonly cookies: readonly string[];
  readonly text: string;
}

export const idempotencyHeader = 'idempotency-key';
/** Under this name the stored headers hold the sealed cookies. */
const sealedCookies = 'sealed-cookies';
const keyForm = /^[\x21-\x7e]{1,255}$/;
const lockTimeoutMs = 5_000;
const lockNotAvailable = '55P03';

/** Throws `idempotency.bad_key` for a header that cannot be a key. */
export function checkKey(key: string): void {
  if (keyForm.test(key)) return;
  throw new DomainError(
    'invalid',
    'idempotency.bad_key',
    'Idempotency-Key must be 1 to 255 printable ASCII characters without spaces',
  );
}

export function inProgress(): DomainError {
  return new DomainError(
    'conflict',
    'idempotency.in_progress',
    'a request with this Idempotency-Key is still running: repeat it in a moment',
    {
      retryAfterSeconds: 1,
    },
  );
}

/**
 * Keys and responses, in the transaction of the effect itself: either both are there or neither. Responses are sealed,
 * because some hold a credential that is shown once. Rows are kept for at least 7 days (maintenance deletes them).
 */
export class IdempotencyStore {
  constructor(private readonly sealedText: SealedText) {}

  /** Of everything that makes two requests the same one. */
  hashOf(method: string, url: string, contentType: string, body: Buffer | undefined): Buffer {
    return this.sealedText.fingerprint(method, url, contentType, body ?? '');
  }

  /**
   * Takes the key. A concurrent holder is waited for, then its response is given; `undefined` means that the key is
   * ours. Throws `idempotency.in_progress` after 5 s of waiting, `idempotency.body_mismatch` for another request.
   */
  async begin(tx: Transaction, request: KeyedRequest): Promise<StoredResponse | undefined> {
    // Sent together: one round trip.
    const [, isOurs] = await Promise.all([
      tx.query(`select set_config('lock_timeout', $1, true)`, [String(lockTimeoutMs)], 'set_lock_timeout'),
      this.insert(tx, request),
    ]);
    if (isOurs) return undefined;
    const [row] = await tx.query<{
      route: string;
      body_hash: Buffer;
      status: number | null;
      headers: Record<string, string>;
      body: string;
    }>(`select route, body_hash, status, headers, body from idempotency_keys where tenant_id = $1 and key = $2`, [
      request.scope,
      request.key,
    ]);
    // Gone between the two statements, or never finished: neither happens but by hand.
    if (row?.status === null || row === undefined) throw inProgress();
    if (row.route !== request.route || !row.body_hash.equals(request.bodyHash)) {
      throw new DomainError(
        'conflict',
        'idempotency.body_mismatch',
        `this Idempotency-Key was used for another request (${row.route}): use a new key for a new operation`,
      );
    }
    const { [sealedCookies]: sealed, ...headers } = row.headers;
    const cookies = sealed === undefined ? '[]' : this.sealedText.open(sealed, aad(request));
    return {
      status: row.status,
      headers,
      cookies: JSON.parse(cookies) as string[],
      text: this.sealedText.open(row.body, aad(request)),
    };
  }

  /** To be the last of the transaction: it travels with the commit. */
  finish(tx: Transaction, request: KeyedRequest, response: StoredResponse): void {
    tx.append(
      `update idempotency_keys set status = $3, headers = $4::jsonb, body = $5 where tenant_id = $1 and key = $2`,
      [
        request.scope,
        request.key,
        response.status,
        JSON.stringify({ ...response.headers, ...this.seal(request, response.cookies) }),
        this.sealedText.seal(response.text, aad(request)),
      ],
      'finish_idempotency_key',
    );
  }

  /** Gives the key back in a transaction that is kept although the request is refused. Only for public routes. */
  async release(tx: Transaction, request: KeyedRequest): Promise<void> {
    await tx.query(`delete from idempotency_keys where tenant_id = $1 and key = $2`, [request.scope, request.key]);
  }

  private seal(request: KeyedRequest, cookies: readonly string[]): Record<string, string> {
    if (cookies.length === 0) return {};
    return { [sealedCookies]: this.sealedText.seal(JSON.stringify(cookies), aad(request)) };
  }

  private async insert(tx: Transaction, request: KeyedRequest): Promise<boolean> {
    try {
      const rows = await tx.query(
        `insert into idempotency_keys (tenant_id, key, route, body_hash) values ($1, $2, $3, $4)
         on conflict do nothing returning key`,
        [request.scope, request.key, request.route, request.bodyHash],
        'insert_idempotency_key',
      );
      return rows.length > 0;
    } catch (error) {
      if ((error as { code?: string }).code === lockNotAvailable) throw inProgress();
      throw error;
    }
  }
}

function aad(request: KeyedRequest): string {
  return `idempotency|${request.scope}|${request.key}`;
}
