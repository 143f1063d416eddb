import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { ControlDatabase } from '@millrace/database';
import { DomainError } from '@millrace/kernel';
import { invitedEmail, type UserAccount, verifyUser } from '@millrace/tenancy';
import type { Request, Response } from 'express';
import { Strategy } from 'passport-local';
import { type ApiLimits } from '../../config.js';
import { addressBucket, apiConfig, Credentials, edgeState, parseInput, RateLimiter } from '../../edge/index.js';
import { LogInLimits } from './login-limits.js';
import { logInBody, signUpBody } from './session.schema.js';
import { acceptInvitationBody } from '../members/member.schema.js';

/**
 * Verifies the password, with Passport's local strategy, before the transaction of the log-in begins: failures are
 * counted whatever becomes of the request, and a stored response is replayed only to whoever knows the password.
 */
@Injectable()
export class LogInGuard implements CanActivate {
  private readonly passwords: Credentials<UserAccount>;

  constructor(
    @Inject(RateLimiter) private readonly limiter: RateLimiter,
    @Inject(LogInLimits) private readonly failures: LogInLimits,
    @Inject(apiConfig) private readonly config: { readonly limits: ApiLimits },
    @Inject(ControlDatabase) control: ControlDatabase,
  ) {
    const strategy = new Strategy({ usernameField: 'email', session: false }, (email, password, done) => {
      control
        .transaction((tx) => verifyUser(tx, email.trim(), password))
        .then(
          (user) => done(null, user ?? false),
          (error: unknown) => done(error),
        );
    });
    this.passwords = new Credentials(
      strategy,
      () => new DomainError('unauthenticated', 'auth.invalid_credentials', 'e-mail address or password is wrong'),
    );
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    await this.limiter.enforce(this.config.limits.login, addressBucket(request.ip), response);
    const { email } = parseInput('body', logInBody, request.body ?? {});
    await this.failures.take(email, request.ip);
    edgeState(request).verified = await this.passwords.verify(request, response);
    await this.failures.forgive(email, request.ip);
    return true;
  }
}

/** Limits sign-ups per network address, and guesses at the password of an account that exists. */
@Injectable()
export class SignUpGuard implements CanActivate {
  constructor(
    @Inject(RateLimiter) private readonly limiter: RateLimiter,
    @Inject(LogInLimits) private readonly failures: LogInLimits,
    @Inject(apiConfig) private readonly config: { readonly limits: ApiLimits },
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    // Bad input is told before it costs one of the few sign-ups.
    const { email } = parseInput('body', signUpBody, request.body ?? {});
    await this.limiter.enforce(this.config.limits.signup, addressBucket(request.ip), http.getResponse<Response>());
    await this.failures.take(email, request.ip);
    return true;
  }
}

/** Limits guesses at the password of the account that an invitation is for, however many invitations there are. */
@Injectable()
export class AcceptGuard implements CanActivate {
  constructor(
    @Inject(LogInLimits) private readonly failures: LogInLimits,
    @Inject(ControlDatabase) private readonly control: ControlDatabase,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const { token } = parseInput('body', acceptInvitationBody, request.body ?? {});
    const email = await this.control.statements((tx) => invitedEmail(tx, token));
    if (email !== undefined) await this.failures.take(email, request.ip);
    edgeState(request).verified = { email };
    return true;
  }
}
