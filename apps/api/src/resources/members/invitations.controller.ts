import { Body, Controller, Delete, Get, Inject, Param, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { planOf } from '@millrace/billing';
import { type ControlTransaction, TenantDatabase, type TenantTransaction } from '@millrace/database';
import {
  acceptInvitation,
  getOrganization,
  hasVerifiedOwner,
  invite,
  isVerified,
  listInvitations,
  revokeInvitation,
} from '@millrace/tenancy';
import { DomainError } from '@millrace/kernel';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import {
  Caller,
  cursorOf,
  Mutation,
  Operation,
  Public,
  RequestId,
  Requires,
  toPage,
  Tx,
  Verified,
} from '../../edge/index.js';
import { AccountMail } from '../account/account-mail.js';
import { AcceptGuard } from '../session/guards.js';
import { LogInLimits } from '../session/login-limits.js';
import { SessionCookie } from '../session/session-cookie.js';
import { session } from '../session/session.schema.js';
import {
  acceptInvitationBody,
  invitationPage,
  invitationPath,
  listQuery,
  madeInvitation,
  newInvitation,
} from './member.schema.js';

/** Who invites sends mail in the name of the platform: it must be known that they can be reached themselves. */
async function requireVerified(tx: TenantTransaction, caller: Caller): Promise<void> {
  const isKnown = caller.member === undefined ? await hasVerifiedOwner(tx) : await isVerified(tx, caller.member.userId);
  if (isKnown) return;
  throw new DomainError(
    'forbidden',
    'auth.email_unverified',
    caller.member === undefined
      ? 'no owner of the organization has verified an e-mail address: nobody can be invited before that'
      : 'verify your e-mail address first: follow the link in the mail, or ask for a new one with POST /v1/email:resend',
  );
}

@ApiTags('Members')
@Controller('v1')
export class InvitationsController {
  constructor(
    @Inject(TenantDatabase) private readonly tenants: TenantDatabase,
    @Inject(LogInLimits) private readonly failures: LogInLimits,
    @Inject(SessionCookie) private readonly cookie: SessionCookie,
    @Inject(AccountMail) private readonly mail: AccountMail,
  ) {}

  @Get('invitations')
  @Requires('manage', 'organization')
  @Operation({ id: 'listInvitations', summary: 'List invitations', response: invitationPage })
  list(
    @Caller() caller: Caller,
    @Query({ schema: listQuery }) query: z.infer<typeof listQuery>,
  ): Promise<z.infer<typeof invitationPage>> {
    return this.tenants.read(caller.tenantId, async (tx) => {
      const [before] = cursorOf(query, 1) ?? [];
      const rows = await listInvitations(tx, { before, limit: query.limit + 1 });
      return toPage(
        rows,
        query,
        (row) => [row.id],
        (row) => row,
      );
    });
  }

  @Post('invitations')
  @Requires('manage', 'organization')
  @Mutation()
  @Operation({
    id: 'createInvitation',
    summary: 'Invite a person',
    status: 201,
    response: madeInvitation,
    problems: { 403: 'The e-mail address of the account has not been verified.' },
  })
  async create(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Body({ schema: newInvitation }) body: z.infer<typeof newInvitation>,
  ): Promise<z.infer<typeof madeInvitation>> {
    await requireVerified(tx, caller);
    const { members: limit } = planOf((await getOrganization(tx)).plan).limits;
    const { invitation, token } = await invite(tx, caller, body, limit);
    return { ...invitation, token };
  }

  @Post('invitations\\:accept')
  @Public()
  @UseGuards(AcceptGuard)
  @Mutation({ identity: (body) => body['token'] })
  @Operation({
    id: 'acceptInvitation',
    summary: 'Become a member',
    description: 'Makes the account where there is none with the invited e-mail address, and opens a session.',
    status: 201,
    response: session,
    problems: { 401: 'There is an account with this e-mail address, with another password.' },
  })
  async accept(
    @Tx() tx: ControlTransaction,
    @RequestId() requestId: string,
    @Verified() invited: { readonly email: string | undefined },
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Body({ schema: acceptInvitationBody }) body: z.infer<typeof acceptInvitationBody>,
  ): Promise<z.infer<typeof session>> {
    const { token, name, password } = body;
    const tokens = await acceptInvitation(tx, { token, name, password, requestId });
    tx.afterCommit(() => this.failures.forgive(invited.email ?? '', request.ip));
    await this.mail.askToVerify(tx, tokens.userId);
    return this.cookie.hand(response, tokens, body.session);
  }

  @Delete('invitations/:invitation')
  @Requires('manage', 'organization')
  @Mutation()
  @Operation({ id: 'revokeInvitation', summary: 'Take an invitation back' })
  revoke(
    @Caller() caller: Caller,
    @Tx() tx: TenantTransaction,
    @Param({ schema: invitationPath }) path: z.infer<typeof invitationPath>,
  ): Promise<void> {
    return revokeInvitation(tx, caller, path.invitation);
  }
}
