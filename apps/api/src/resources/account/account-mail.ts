import { Inject, Injectable } from '@nestjs/common';
import { oweMail } from '@millrace/alerts';
import type { ControlTransaction } from '@millrace/database';
import type { UserId } from '@millrace/kernel';
import { accountTokenSeconds, findAccount, issueAccountToken, type MailedAccount } from '@millrace/tenancy';
import { apiConfig } from '../../edge/index.js';

const verifyDays = accountTokenSeconds.verify / 86_400;
const resetMinutes = accountTokenSeconds.reset / 60;

/** Mails about an account, owed in the transaction that causes them. Tokens stand behind `#`, which no log gets to see. */
@Injectable()
export class AccountMail {
  private readonly url: string;

  constructor(@Inject(apiConfig) config: { readonly publicUrl: string }) {
    this.url = config.publicUrl;
  }

  /** Asks for the proof that the address is read; nothing where it is known. False where no mail is needed. */
  async askToVerify(tx: ControlTransaction, userId: UserId): Promise<boolean> {
    const account = await findAccount(tx, { id: userId });
    if (account === undefined || account.verified) return false;
    const token = await issueAccountToken(tx, 'verify', account);
    await this.owe(tx, account, 'Verify your e-mail address', [
      'An account at Millrace was made with this e-mail address. To show that it is yours, open',
      `${this.url}/verify-email#${token}`,
      `The link is good for ${verifyDays} days. Until then you can use everything but invitations.`,
      'If this was not you, nothing needs to be done.',
    ]);
    return true;
  }

  /** Sends the way to a new password, where there is an account with this address. */
  async offerReset(tx: ControlTransaction, email: string): Promise<void> {
    const account = await findAccount(tx, { email });
    if (account === undefined) return;
    const token = await issueAccountToken(tx, 'reset', account);
    await this.owe(tx, account, 'Choose a new password', [
      'Somebody asked for a new password for your account at Millrace. To choose one, open',
      `${this.url}/reset-password#${token}`,
      `The link is good once, for ${resetMinutes} minutes. Setting a new password ends all your sessions.`,
      'If this was not you, nothing needs to be done: your password stays.',
    ]);
  }

  /** Tells the owner of the account that its password is another one now. */
  async tellOfNewPassword(tx: ControlTransaction, userId: UserId): Promise<void> {
    const account = await findAccount(tx, { id: userId });
    if (account === undefined) return;
    await this.owe(tx, account, 'Your password was changed', [
      'The password of your account at Millrace was changed, and other sessions were ended.',
      `If this was not you, choose a new one at once: ${this.url}/forgotten`,
    ]);
  }

  private async owe(
    tx: ControlTransaction,
    account: MailedAccount,
    subject: string,
    paragraphs: readonly string[],
  ): Promise<void> {
    // Whoever belongs to no organization cannot log in either.
    if (account.tenantId === null) return;
    await oweMail(tx, account.tenantId, { to: account.email, subject, text: `${paragraphs.join('\n\n')}\n` });
  }
}
