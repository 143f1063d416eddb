import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '@millrace/kernel';
import { type ApiLimits } from '../../config.js';
import { addressBucket, apiConfig, RateLimiter } from '../../edge/index.js';
import { createHash } from 'node:crypto';

/**
 * Lock-out after failures. A try is taken before the password is checked, so that parallel guesses cannot slip through,
 * and given back when it was right. It counts e-mail addresses, not accounts: an unknown one locks like a known one.
 */
@Injectable()
export class LogInLimits {
  private readonly limits: ApiLimits;

  constructor(
    @Inject(RateLimiter) private readonly limiter: RateLimiter,
    @Inject(apiConfig) config: { readonly limits: ApiLimits },
  ) {
    this.limits = config.limits;
  }

  /** Throws `auth.locked` with the seconds to wait. */
  async take(subject: string, ip: string | undefined): Promise<void> {
    const { near, anywhere } = buckets(subject, ip);
    const tries = [
      await this.limiter.take(this.limits.loginFailures, near),
      await this.limiter.take(this.limits.loginFailuresAnywhere, anywhere),
    ];
    const wait = Math.max(...tries.map((state) => (state.allowed ? 0 : state.retryAfterSeconds)));
    if (wait === 0) return;
    throw new DomainError('rate_limited', 'auth.locked', `too many failed attempts: wait ${wait} s`, {
      retryAfterSeconds: wait,
    });
  }

  /** Forgets the failures, after a right password. */
  async forgive(subject: string, ip: string | undefined): Promise<void> {
    const { near, anywhere } = buckets(subject, ip);
    await this.limiter.reset(this.limits.loginFailures, near);
    await this.limiter.reset(this.limits.loginFailuresAnywhere, anywhere);
  }
}

function buckets(subject: string, ip: string | undefined): { readonly near: string; readonly anywhere: string } {
  // Hashed: the table of limits is no place to learn who tries to log in.
  const anywhere = createHash('sha256').update(subject.trim().toLowerCase()).digest('base64url');
  return { near: `${anywhere}@${addressBucket(ip)}`, anywhere };
}
