import { Body, Controller, Get, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type ControlTransaction, TenantDatabase } from '@millrace/database';
import { DomainError } from '@millrace/kernel';
import {
  endSession,
  getMember,
  getOrganization,
  isVerified,
  LogIn,
  refreshSession,
  SignUp,
  type UserAccount,
} from '@millrace/tenancy';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import {
  Caller,
  KeptRefusal,
  Mutation,
  Operation,
  Public,
  RequestId,
  Requires,
  Tx,
  Verified,
} from '../../edge/index.js';
import { AccountMail } from '../account/account-mail.js';
import { LogInGuard, SignUpGuard } from './guards.js';
import { LogInLimits } from './login-limits.js';
import { refreshCookieOf, SessionCookie } from './session-cookie.js';
import { logInBody, me, refreshBody, session, signUpBody } from './session.schema.js';

/** Pages of one browser share the cookie, and may all be opened in the same moment. */
const sharedCookieSeconds = 10;

@ApiTags('Sessions')
@Controller('v1')
export class SessionController {
  constructor(
    @Inject(TenantDatabase) private readonly tenants: TenantDatabase,
    @Inject(SignUp) private readonly signUp: SignUp,
    @Inject(LogIn) private readonly logIn: LogIn,
    @Inject(LogInLimits) private readonly failures: LogInLimits,
    @Inject(SessionCookie) private readonly cookie: SessionCookie,
    @Inject(AccountMail) private readonly mail: AccountMail,
  ) {}

  @Post('signup')
  @Public()
  @UseGuards(SignUpGuard)
  @Mutation({ identity: (body) => body['email'] })
  @Operation({
    id: 'signUp',
    summary: 'Sign up an organization',
    description: 'Makes the organization, its owner, the environment `production` and a pool, and opens a session.',
    status: 201,
    response: session,
    problems: { 401: 'There is an account with this e-mail address, with another password.' },
  })
  async signUpOrganization(
    @Tx() tx: ControlTransaction,
    @RequestId() requestId: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Body({ schema: signUpBody }) body: z.infer<typeof signUpBody>,
  ): Promise<z.infer<typeof session>> {
    const tokens = await this.signUp.execute(tx, { ...body, requestId });
    tx.afterCommit(() => this.failures.forgive(body.email, request.ip));
    await this.mail.askToVerify(tx, tokens.userId);
    return this.cookie.hand(response, tokens, body.session);
  }

  @Post('login')
  @Public()
  @UseGuards(LogInGuard)
  @Mutation({ identity: (body) => body['email'] })
  @Operation({
    id: 'logIn',
    summary: 'Log in',
    response: session,
    problems: {
      401: 'E-mail address or password is wrong.',
      409: 'You belong to several organizations and named none: `errors` lists their slugs.',
      429: 'Too many attempts; `Retry-After` says how long to wait.',
    },
  })
  async openSession(
    @Tx() tx: ControlTransaction,
    @RequestId() requestId: string,
    @Verified() user: UserAccount,
    @Res({ passthrough: true }) response: Response,
    @Body({ schema: logInBody }) body: z.infer<typeof logInBody>,
  ): Promise<z.infer<typeof session>> {
    const tokens = await this.logIn.execute(tx, { userId: user.id, organization: body.organization, requestId });
    return this.cookie.hand(response, tokens, body.session);
  }

  @Post('token\\:refresh')
  @Public()
  @Mutation({ identity: (body, request) => body['refreshToken'] ?? refreshCookieOf(request) })
  @Operation({
    id: 'refreshSession',
    summary: 'Exchange a refresh token for new tokens',
    description:
      'A refresh token is good once. When one comes twice, every session of its log-in is ended. Without a body it takes the cookie of the session, and sets the next one; requests of other sites are refused.',
    response: session,
    problems: {
      401: 'The refresh token is absent, unknown, expired, used or revoked.',
      403: 'The cookie came from a page of another site.',
    },
  })
  async refreshSession(
    @Tx() tx: ControlTransaction,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Body({ schema: refreshBody }) body: z.infer<typeof refreshBody>,
  ): Promise<z.infer<typeof session>> {
    const kind = body.refreshToken === undefined ? 'cookie' : 'token';
    const refreshToken = body.refreshToken ?? refreshCookieOf(request);
    if (refreshToken === undefined) {
      throw new DomainError(
        'unauthenticated',
        'auth.no_refresh_token',
        'there is no session here: log in, or send its refreshToken in the body',
      );
    }
    if (kind === 'cookie') this.cookie.requireSameSite(request);
    const refresh = await refreshSession(tx, refreshToken, kind === 'cookie' ? sharedCookieSeconds : 0);
    if (refresh.outcome === 'refreshed') return this.cookie.hand(response, refresh.tokens, kind);
    const refusal = new DomainError(
      'unauthenticated',
      'auth.invalid_refresh_token',
      'the refresh token is unknown, expired, used or revoked: log in again',
    );
    // The end of the sessions must outlive the refusal.
    throw refresh.outcome === 'reused' ? new KeptRefusal(refusal) : refusal;
  }

  @Post('logout')
  @Requires('read')
  @Mutation({ control: true })
  @Operation({
    id: 'logOut',
    summary: 'End this session',
    problems: { 409: 'The caller is an API key: revoke it instead.' },
  })
  async logOut(
    @Caller() caller: Caller,
    @Tx() tx: ControlTransaction,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    if (caller.member === undefined) {
      throw new DomainError('conflict', 'auth.no_session', 'an API key has no session: revoke the key instead');
    }
    await endSession(tx, caller.member.sessionId);
    this.cookie.clear(response);
  }

  @Get('me')
  @Requires('read')
  @Operation({ id: 'getMe', summary: 'Who am I', response: me })
  getMe(@Caller() caller: Caller): Promise<z.infer<typeof me>> {
    return this.tenants.read(caller.tenantId, async (tx) => {
      const { id, slug, name } = await getOrganization(tx);
      const member = caller.member === undefined ? undefined : await getMember(tx, caller.member.userId);
      const emailVerified = member !== undefined && (await isVerified(tx, member.userId));
      return {
        organization: { id, slug, name },
        actor: caller.actor,
        kind: member === undefined ? ('apiKey' as const) : ('member' as const),
        scopes: [...caller.scopes],
        person:
          member === undefined ? null : { id: member.userId, email: member.email, name: member.name, emailVerified },
        role: member?.role ?? null,
        environmentId: caller.environmentId ?? null,
      };
    });
  }
}
