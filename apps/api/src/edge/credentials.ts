import { DomainError } from '@millrace/kernel';
import type { Request, Response } from 'express';
import passport from 'passport';

/** Passport for one strategy, with an instance of its own: the one of the package is shared by the whole process. */
export class Credentials<T extends object> {
  private readonly instance = new passport.Authenticator();

  constructor(
    strategy: passport.Strategy,
    private readonly refusal: () => DomainError,
  ) {
    this.instance.use('own', strategy);
  }

  /** Whom the request's credential stands for; throws the refusal. */
  verify(request: Request, response: Response): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (error: unknown, who?: T | false | null): void => {
        if (error !== null && error !== undefined)
          reject(error instanceof Error ? error : new Error('the credential could not be checked', { cause: error }));
        else if (who === false || who === null || who === undefined) reject(this.refusal());
        else resolve(who);
      };
      const authenticate = this.instance.authenticate('own', { session: false }, settle) as (
        request: Request,
        response: Response,
        next: (error?: unknown) => void,
      ) => void;
      authenticate(request, response, (error) => settle(error));
    });
  }
}
