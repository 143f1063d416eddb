import { MailRefused, type MailTransport, type SendMail } from '@millrace/alerts';
import type { Logger } from '@millrace/platform';
import type { Debt, Payment } from '../outbox-relay.js';

/** A mail of an account is of no use later: its links have expired. */
const patienceMs = 24 * 3_600_000;
const longestWaitMs = 60_000;

/** Sends the mails of accounts. The row stays until the mail server has the mail; what stands in it is in no log. */
export class MailDebts {
  constructor(
    private readonly mail: MailTransport,
    private readonly log: Logger,
  ) {}

  async pay(debt: Debt<'send_mail'>): Promise<Payment> {
    try {
      await this.mail.send(debt.payload as SendMail);
      return { outcome: 'paid' };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const delayMs = Math.min(longestWaitMs, 1_000 * 2 ** Math.min(debt.failures, 10));
      if (!(error instanceof MailRefused) && debt.failures * longestWaitMs < patienceMs) {
        return { outcome: 'later', delayMs, error: message };
      }
      this.log.warn({ messageId: debt.subject, reason: message }, 'a mail was given up');
      return { outcome: 'paid' };
    }
  }
}
