import { Body, Controller, Inject, Post, Req, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { ControlTransaction } from '@millrace/database';
import { DomainError } from '@millrace/kernel';
import { changePassword, resetPassword, verifyEmail } from '@millrace/tenancy';
import type { Request } from 'express';
import type { z } from 'zod';
import { edgeState, Mutation, Operation, Public, RequestId, Requires, Tx } from '../../edge/index.js';
import { LogInLimits } from '../session/login-limits.js';
import { AccountMail } from './account-mail.js';
import { changePasswordBody, forgotPasswordBody, resetPasswordBody, verifyEmailBody } from './account.schema.js';
import { ChangePasswordGuard, ForgottenGuard, ResendGuard, sessionOf } from './guards.js';

const goneLink = { 404: 'The token is unknown, used or expired.' };
/** Longer than either answer takes by itself: the time does not tell whether there is such an account. */
const answerAfterMs = 400;

@ApiTags('Account')
@Controller('v1')
export class AccountController {
  constructor(
    @Inject(AccountMail) private readonly mail: AccountMail,
    @Inject(LogInLimits) private readonly failures: LogInLimits,
  ) {}

  @Post('email\\:verify')
  @Public()
  @Mutation({ identity: (body) => body['token'] })
  @Operation({ id: 'verifyEmail', summary: 'Prove that an e-mail address is read', problems: goneLink })
  verify(
    @Tx() tx: ControlTransaction,
    @RequestId() requestId: string,
    @Body({ schema: verifyEmailBody }) body: z.infer<typeof verifyEmailBody>,
  ): Promise<void> {
    return verifyEmail(tx, body.token, requestId);
  }

  @Post('email\\:resend')
  @Requires('read')
  @UseGuards(ResendGuard)
  @Mutation({ control: true })
  @Operation({
    id: 'resendVerification',
    summary: 'Send the mail that verifies your address again',
    description: 'Links of earlier mails end.',
    problems: { 409: 'The address is verified, or the caller is an API key.' },
  })
  async resend(@Tx() tx: ControlTransaction, @Req() request: Request): Promise<void> {
    if (await this.mail.askToVerify(tx, sessionOf(request).userId)) return;
    throw new DomainError('conflict', 'email.verified_already', 'your e-mail address is verified already');
  }

  @Post('password\\:forgot')
  @Public()
  @UseGuards(ForgottenGuard)
  @Mutation({ identity: (body) => body['email'] })
  @Operation({
    id: 'forgotPassword',
    summary: 'Ask for a new password',
    description:
      'Sends a mail with a link that is good once, for an hour. The answer is the same where there is no such account.',
    problems: { 429: 'Too many mails to this address, or from yours.' },
  })
  async forgot(
    @Tx() tx: ControlTransaction,
    @Req() request: Request,
    @Body({ schema: forgotPasswordBody }) body: z.infer<typeof forgotPasswordBody>,
  ): Promise<void> {
    const longEnough = new Promise<void>((resolve) => setTimeout(resolve, answerAfterMs));
    await this.mail.offerReset(tx, body.email);
    // Once all is committed: nobody holds a connection for the rest of the time.
    edgeState(request).finish = () => longEnough;
  }

  @Post('password\\:reset')
  @Public()
  @Mutation({ identity: (body) => body['token'] })
  @Operation({
    id: 'resetPassword',
    summary: 'Set a new password',
    description: 'With the token of the mail, which also verifies the address. Every session of the account ends.',
    problems: goneLink,
  })
  async reset(
    @Tx() tx: ControlTransaction,
    @RequestId() requestId: string,
    @Req() request: Request,
    @Body({ schema: resetPasswordBody }) body: z.infer<typeof resetPasswordBody>,
  ): Promise<void> {
    const { email, userId } = await resetPassword(tx, { ...body, requestId });
    await this.mail.tellOfNewPassword(tx, userId);
    tx.afterCommit(() => this.failures.forgive(email, request.ip));
  }

  @Post('password\\:change')
  @Requires('read')
  @UseGuards(ChangePasswordGuard)
  @Mutation({ control: true })
  @Operation({
    id: 'changePassword',
    summary: 'Change your password',
    description: 'Sessions of other log-ins end; this one stays.',
    problems: { 403: 'The present password is another one.', 409: 'The caller is an API key.' },
  })
  async change(
    @Tx() tx: ControlTransaction,
    @RequestId() requestId: string,
    @Req() request: Request,
    @Body({ schema: changePasswordBody }) body: z.infer<typeof changePasswordBody>,
  ): Promise<void> {
    const { userId, sessionId } = sessionOf(request);
    await changePassword(tx, { userId, sessionId, password: body.newPassword, requestId });
    await this.mail.tellOfNewPassword(tx, userId);
  }
}
