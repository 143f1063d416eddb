import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '@millrace/kernel';
import type { SessionTokens } from '@millrace/tenancy';
import type { CookieOptions, Request, Response } from 'express';
import type { z } from 'zod';
import { apiConfig } from '../../edge/index.js';
import { toSession } from './session.mapper.js';
import type { session } from './session.schema.js';

const cookieName = 'millrace_refresh';
/** The only route that reads it: no other request of a page carries the cookie. */
const cookiePath = '/v1/token:refresh';

/** The refresh token that a request carries as a cookie. */
export function refreshCookieOf(request: Request): string | undefined {
  const prefix = `${cookieName}=`;
  const pair = (request.get('cookie') ?? '')
    .split(';')
    .map((text) => text.trim())
    .find((text) => text.startsWith(prefix));
  return pair === undefined || pair === prefix ? undefined : pair.slice(prefix.length);
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).host : undefined;
}

/** Sessions of browsers: the refresh token stays in a cookie that no script can read and no other site can send. */
@Injectable()
export class SessionCookie {
  private readonly origin: string;

  constructor(@Inject(apiConfig) config: { readonly publicUrl: string }) {
    this.origin = config.publicUrl;
  }

  /** The session as its body shows it; with `kind` `cookie` the refresh token goes into the cookie instead. */
  hand(response: Response, tokens: SessionTokens, kind: 'token' | 'cookie' | undefined): z.infer<typeof session> {
    const { refreshToken, ...shown } = toSession(tokens);
    if (kind !== 'cookie') return { ...shown, refreshToken };
    response.cookie(cookieName, tokens.refreshToken, {
      ...this.options(),
      expires: new Date(tokens.refreshExpiresAt),
    });
    return shown;
  }

  clear(response: Response): void {
    response.clearCookie(cookieName, this.options());
  }

  /**
   * Throws `auth.cross_site` unless the request says that a page of this server sent it. Browsers send at least one of
   * the two headers with every POST, and no page can change them.
   */
  requireSameSite(request: Request): void {
    const site = request.get('sec-fetch-site');
    const origin = request.get('origin');
    const ours = [hostOf(this.origin), request.get('host')];
    const sameOrigin = origin !== undefined && ours.includes(hostOf(origin));
    if ((site === undefined || site === 'same-origin') && (origin === undefined ? site !== undefined : sameOrigin))
      return;
    throw new DomainError(
      'forbidden',
      'auth.cross_site',
      'the cookie of a session is taken from pages of this server only (Origin and Sec-Fetch-Site)',
    );
  }

  private options(): CookieOptions {
    return { httpOnly: true, sameSite: 'strict', secure: this.origin.startsWith('https:'), path: cookiePath };
  }
}
