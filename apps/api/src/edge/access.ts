import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { ControlDatabase } from '@millrace/database';
import { DomainError } from '@millrace/kernel';
import { Authenticate, type Principal } from '@millrace/tenancy';
import type { Request } from 'express';
import { Strategy } from 'passport-http-bearer';

/** Looks credentials up, each time anew: a revoked one is refused from the next request on. */
@Injectable()
export class Access {
  private readonly lookUp = new Authenticate();

  constructor(@Inject(ControlDatabase) private readonly control: ControlDatabase) {}

  authenticate(token: string): Promise<Principal | undefined> {
    return this.control.transaction((tx) => this.lookUp.execute(tx, token));
  }

  /** Whether the credential of a long-lived request is still good; true for a public one. */
  async stillValid(request: Request): Promise<boolean> {
    const token = bearerOf(request);
    if (token === undefined) return true;
    // A database that is away for a moment must not end the streams.
    return this.authenticate(token).then(
      (principal) => principal !== undefined,
      () => true,
    );
  }
}

function bearerOf(request: Request): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1];
}

@Injectable()
export class BearerStrategy extends PassportStrategy(Strategy, 'bearer') {
  constructor(private readonly access: Access) {
    super({ realm: 'millrace' });
  }

  async validate(token: string): Promise<Principal | false> {
    return (await this.access.authenticate(token)) ?? false;
  }
}

/** Passport's bearer guard, with our refusals. */
@Injectable()
export class BearerGuard extends AuthGuard('bearer') {
  /** The principal of the request; throws `auth.required` or `auth.invalid`. */
  async principalOf(context: ExecutionContext): Promise<Principal> {
    const request = context.switchToHttp().getRequest<Request & { user?: Principal }>();
    if (request.get('authorization') === undefined) {
      throw new DomainError(
        'unauthenticated',
        'auth.required',
        'this request needs a credential: send an API key or an access token as Authorization: Bearer …',
      );
    }
    await this.canActivate(context);
    const { user } = request;
    if (user === undefined) throw new Error('passport let a request through without a principal');
    return user;
  }

  // The signature is Passport's.
  override handleRequest<T>(error: unknown, user: T | false | undefined): T {
    if (error !== null && error !== undefined) throw error as Error;
    if (user === false || user === undefined) {
      throw new DomainError('unauthenticated', 'auth.invalid', 'the credential is unknown, expired or revoked');
    }
    return user;
  }
}
