import { createHash } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { ControlDatabase } from '@millrace/database';
import { DomainError } from '@millrace/kernel';
import { findAccount, verifyUser } from '@millrace/tenancy';
import type { Request, Response } from 'express';
import { type ApiLimits } from '../../config.js';
import { addressBucket, apiConfig, callerOf, edgeState, parseInput, RateLimiter } from '../../edge/index.js';
import { LogInLimits } from '../session/login-limits.js';
import { changePasswordBody, forgotPasswordBody } from './account.schema.js';

/** A person's session; an API key has neither address nor password. */
export function sessionOf(request: Request) {
  const { member } = callerOf(request);
  if (member === undefined) {
    throw new DomainError('conflict', 'auth.no_session', 'an API key has neither address nor password: log in');
  }
  return member;
}

/** Limits mails by the network address that asks and by the one that they go to, whether anybody has it or not. */
@Injectable()
export class ForgottenGuard implements CanActivate {
  constructor(
    @Inject(RateLimiter) private readonly limiter: RateLimiter,
    @Inject(apiConfig) private readonly config: { readonly limits: ApiLimits },
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    await this.limiter.enforce(this.config.limits.login, addressBucket(request.ip), response);
    const { email } = parseInput('body', forgotPasswordBody, request.body ?? {});
    // Hashed: the table of limits is no place to learn who has an account.
    const bucket = createHash('sha256').update(email.toLowerCase()).digest('base64url');
    await this.limiter.enforce(this.config.limits.accountMail, bucket, response);
    return true;
  }
}

/** Limits mails that a person asks for. */
@Injectable()
export class ResendGuard implements CanActivate {
  constructor(
    @Inject(RateLimiter) private readonly limiter: RateLimiter,
    @Inject(apiConfig) private readonly config: { readonly limits: ApiLimits },
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const { userId } = sessionOf(http.getRequest<Request>());
    await this.limiter.enforce(this.config.limits.accountMail, userId, http.getResponse<Response>());
    return true;
  }
}

/** Checks the present password before the transaction begins: a failed try counts whatever becomes of the request. */
@Injectable()
export class ChangePasswordGuard implements CanActivate {
  constructor(
    @Inject(LogInLimits) private readonly failures: LogInLimits,
    @Inject(ControlDatabase) private readonly control: ControlDatabase,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const { userId } = sessionOf(request);
    const { currentPassword } = parseInput('body', changePasswordBody, request.body ?? {});
    const account = await this.control.statements((tx) => findAccount(tx, { id: userId }));
    if (account === undefined) throw new Error('the person of a session has no account');
    await this.failures.take(account.email, request.ip);
    const known = await this.control.statements((tx) => verifyUser(tx, account.email, currentPassword));
    if (known === undefined) {
      throw new DomainError('forbidden', 'auth.invalid_credentials', 'the present password is another one', {
        details: [{ code: 'auth.invalid_credentials', message: 'is wrong', pointer: '/currentPassword' }],
      });
    }
    await this.failures.forgive(account.email, request.ip);
    edgeState(request).verified = known;
    return true;
  }
}
