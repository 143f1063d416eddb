import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { ControlDatabase } from '@millrace/database';
import { DomainError } from '@millrace/kernel';
import { invitedEmail, type UserAccount, verifyUser } from '@millrace/tenancy';
import type { Request, Response } from 'express';
import { Strategy } from 'passport-local';
import { type ApiLimits } from '../../config.js';
import { addressBucket, apiConfig, edgeState, parseInput, RateLimiter } from '../../edge/index.js';
import { LogInLimits } from './login-limits.js';
import { logInBody, signUpBody } from './session.schema.js';
import { acceptInvitationBody } from '../members/member.schema.js';

/** Passport's local strategy: e-mail address and password. */
@Injectable()
export class PasswordStrategy extends PassportStrategy(Strategy, 'local') {
  constructor(@Inject(ControlDatabase) private readonly control: ControlDatabase) {
    super({ usernameField: 'email', passwordField: 'password', session: false });
  }

  async validate(email: string, password: string): Promise<UserAccount | false> {
    return (await this.control.transaction((tx) => verifyUser(tx, email.trim(), password))) ?? false;
  }
}

/**
 * Verifies the password before the transaction of the log-in begins: failures are counted whatever becomes of the
 * request, and a stored response is replayed only to whoever knows the password.
 */
@Injectable()
export class LogInGuard extends AuthGuard('local') {
  constructor(
    @Inject(RateLimiter) private readonly limiter: RateLimiter,
    @Inject(LogInLimits) private readonly failures: LogInLimits,
    @Inject(apiConfig) private readonly config: { readonly limits: ApiLimits },
  ) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request & { user?: UserAccount }>();
    await this.limiter.enforce(this.config.limits.login, addressBucket(request.ip), http.getResponse<Response>());
    const { email } = parseInput('body', logInBody, request.body ?? {});
    await this.failures.take(email, request.ip);
    await super.canActivate(context);
    edgeState(request).verified = request.user;
    await this.failures.forgive(email, request.ip);
    return true;
  }

  override handleRequest<T>(error: unknown, user: T | false | undefined): T {
    if (error !== null && error !== undefined) throw error as Error;
    if (user === false || user === undefined) {
      throw new DomainError('unauthenticated', 'auth.invalid_credentials', 'e-mail address or password is wrong');
    }
    return user;
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
    const email = await this.control.transaction((tx) => invitedEmail(tx, token));
    if (email !== undefined) await this.failures.take(email, request.ip);
    edgeState(request).verified = { email };
    return true;
  }
}
