import { Inject, Injectable } from '@nestjs/common';
import { ControlDatabase } from '@millrace/database';
import { DomainError } from '@millrace/kernel';
import { Authenticate, isCredential, type Principal } from '@millrace/tenancy';
import type { Request, Response } from 'express';
import { Strategy } from 'passport-http-bearer';
import { Credentials } from './credentials.js';

/** Looks credentials up, each time anew: a revoked one is refused from the next request on. */
@Injectable()
export class Access {
  private readonly lookUp = new Authenticate();
  private readonly bearer: Credentials<Principal>;

  constructor(@Inject(ControlDatabase) private readonly control: ControlDatabase) {
    const strategy = new Strategy((token, done) => {
      this.authenticate(token).then(
        (principal) => done(null, principal ?? false),
        (error: unknown) => done(error),
      );
    });
    this.bearer = new Credentials(
      strategy,
      () => new DomainError('unauthenticated', 'auth.invalid', 'the credential is unknown, expired or revoked'),
    );
  }

  /** The principal of the request; throws `auth.required` or `auth.invalid`. */
  async principalOf(request: Request, response: Response): Promise<Principal> {
    // Passport would also look into query and body: a credential there ends up in logs and histories.
    if (request.get('authorization') === undefined) {
      throw new DomainError(
        'unauthenticated',
        'auth.required',
        'this request needs a credential: send an API key or an access token as Authorization: Bearer …',
      );
    }
    return this.bearer.verify(request, response);
  }

  /** Whether the credential of a long-lived request is still good; true for a public one. */
  async stillValid(request: Request): Promise<boolean> {
    const token = /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1];
    if (token === undefined) return true;
    // A database that is away for a moment must not end the streams.
    return this.authenticate(token).then(
      (principal) => principal !== undefined,
      () => true,
    );
  }

  private async authenticate(token: string): Promise<Principal | undefined> {
    // Made-up credentials fail by their checksum and cost no query.
    if (!isCredential(token)) return undefined;
    return this.control.statements((tx) => this.lookUp.execute(tx, token));
  }
}
