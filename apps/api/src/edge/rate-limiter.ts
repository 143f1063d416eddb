import { Inject, Injectable } from '@nestjs/common';
import { ControlDatabase } from '@millrace/database';
import { DomainError } from '@millrace/kernel';
import { type RatePolicy, readTokens, resetTokens, takeTokens } from '@millrace/tenancy';
import type { Response } from 'express';

/** Where a request stands against its limit. */
export interface RateState {
  readonly allowed: boolean;
  readonly remaining: number;
  readonly retryAfterSeconds: number;
}

interface Lease {
  left: number;
  remaining: number;
  /** Monotonic milliseconds after which the lease is dropped, or the refusal is asked again. */
  until: number;
  refused: boolean;
  retryAfterSeconds: number;
}

const leaseMs = 2_000;
const maxLeases = 50_000;

/**
 * Rate limits that hold among all API processes. A large limit is leased from Postgres in small parcels, so that most
 * requests cost no query; a small one (log-in, sign-up) is taken one by one.
 */
@Injectable()
export class RateLimiter {
  private readonly leases = new Map<string, Lease>();
  private readonly inFlight = new Map<string, Promise<Lease>>();

  constructor(@Inject(ControlDatabase) private readonly control: ControlDatabase) {}

  async take(policy: RatePolicy, bucket: string): Promise<RateState> {
    const key = `${policy.name}:${bucket}`;
    for (;;) {
      const lease = this.current(key) ?? (await this.renew(key, policy, bucket));
      if (lease.refused) {
        return { allowed: false, remaining: 0, retryAfterSeconds: Math.max(1, lease.retryAfterSeconds) };
      }
      // Others who waited for the same parcel may have used it up: ask for the next one.
      if (lease.left <= 0) continue;
      lease.left -= 1;
      return { allowed: true, remaining: lease.remaining + lease.left, retryAfterSeconds: 0 };
    }
  }

  /** Takes one token and throws `rate_limited` where there is none; says so in the headers of the response. */
  async enforce(policy: RatePolicy, bucket: string, response: Response): Promise<void> {
    const state = await this.take(policy, bucket);
    announce(response, [{ policy, state }]);
    if (!state.allowed) throw rateLimited(policy, state.retryAfterSeconds);
  }

  /** Tokens that are left, without taking one; those that other processes have leased count as used. */
  async remaining(policy: RatePolicy, bucket: string): Promise<number> {
    const left = await this.control.statements((tx) => readTokens(tx, policy, bucket));
    return left + (this.current(`${policy.name}:${bucket}`)?.left ?? 0);
  }

  reset(policy: RatePolicy, bucket: string): Promise<void> {
    this.leases.delete(`${policy.name}:${bucket}`);
    return this.control.statements((tx) => resetTokens(tx, policy, bucket));
  }

  private current(key: string): Lease | undefined {
    const lease = this.leases.get(key);
    if (lease === undefined) return undefined;
    if (performance.now() < lease.until && (lease.refused || lease.left > 0)) return lease;
    this.leases.delete(key);
    return undefined;
  }

  private async renew(key: string, policy: RatePolicy, bucket: string): Promise<Lease> {
    const running = this.inFlight.get(key);
    if (running !== undefined) return running;
    const renewal = this.ask(policy, bucket).finally(() => this.inFlight.delete(key));
    this.inFlight.set(key, renewal);
    const lease = await renewal;
    if (this.leases.size >= maxLeases) this.leases.clear();
    this.leases.set(key, lease);
    return lease;
  }

  private async ask(policy: RatePolicy, bucket: string): Promise<Lease> {
    const parcel = Math.max(1, Math.min(100, Math.floor(policy.capacity / 50)));
    const decision = await this.control.transaction(async (tx) => {
      // A lost token costs nobody anything: no need to wait for the disk.
      await tx.query(`set local synchronous_commit = off`);
      const whole = await takeTokens(tx, policy, bucket, parcel);
      return whole.allowed || parcel === 1
        ? { ...whole, parcel }
        : { ...(await takeTokens(tx, policy, bucket)), parcel: 1 };
    });
    return {
      left: decision.allowed ? decision.parcel : 0,
      remaining: decision.remaining,
      refused: !decision.allowed,
      retryAfterSeconds: decision.retryAfterSeconds,
      until: performance.now() + (decision.allowed ? leaseMs : Math.min(1_000, decision.retryAfterSeconds * 1_000)),
    };
  }
}

/** One of the limits that a request counts against, and where it stands. */
export interface RateStanding {
  readonly policy: RatePolicy;
  readonly state: RateState;
}

/** `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers), an item for each limit. */
export function announce(response: Response, standings: readonly RateStanding[]): void {
  const policies = standings.map(({ policy }) => `"${policy.name}";q=${policy.capacity};w=${policy.windowSeconds}`);
  const states = standings.map(({ policy, state }) => {
    const reset = state.allowed ? '' : `;t=${state.retryAfterSeconds}`;
    return `"${policy.name}";r=${state.remaining}${reset}`;
  });
  response.set('ratelimit-policy', policies.join(', '));
  response.set('ratelimit', states.join(', '));
}

/** The refusal; `caller` is the `key_…` or `usr_…` whose request it was, where that is known. */
export function rateLimited(policy: RatePolicy, retryAfterSeconds: number, caller?: string): DomainError {
  const { name, capacity, windowSeconds } = policy;
  const rate = `${capacity} requests in ${windowSeconds} s`;
  const message =
    caller === undefined
      ? `more than ${rate}`
      : name === organizationLimit
        ? `all callers of the organization together have used the ${rate} of its plan, and ${caller} asks for one more (GET /v1/limits shows who used them)`
        : `${caller} has used the ${rate} of one credential`;
  return new DomainError('rate_limited', 'rate_limit.exceeded', `${message}: wait ${retryAfterSeconds} s`, {
    retryAfterSeconds,
    facts: { limit: name, capacity, windowSeconds, ...(caller === undefined ? {} : { caller }) },
  });
}

/** Name of the limit that all callers of an organization share. */
export const organizationLimit = 'organization';
