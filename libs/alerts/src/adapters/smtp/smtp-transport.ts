import { createTransport } from 'nodemailer';
import type { SendMail } from '../../mail.js';
import { MailRefused, type MailTransport } from '../../ports.js';

export interface SmtpOptions {
  /** `smtp://user:password@host:587` or `smtps://…`; query parameters are nodemailer's. */
  readonly url: string;
  /** `Name <address>` or an address. */
  readonly from: string;
}

interface SmtpFailure {
  readonly code?: string;
  readonly responseCode?: number;
}

/** Sends mail through an SMTP server: TLS as the server offers it, certificates checked. */
export class SmtpTransport implements MailTransport {
  private readonly transporter: ReturnType<typeof createTransport>;
  private readonly domain: string;

  constructor(private readonly options: SmtpOptions) {
    this.domain = /@([^\s>]+)/.exec(options.from)?.[1] ?? 'localhost';
    this.transporter = createTransport({
      url: options.url,
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 20_000,
      // A mail is made of texts of ours; nothing in it may name a file or an address to load.
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  async send({ messageId, to, subject, text, html }: SendMail): Promise<void> {
    try {
      await this.transporter.sendMail({
        from: this.options.from,
        // As an object it is one address, whatever it holds.
        to: { name: '', address: to },
        subject: subject.replace(/[\r\n]+/g, ' '),
        text,
        ...(html === undefined ? {} : { html }),
        messageId: `<${messageId}@${this.domain}>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
    } catch (error) {
      const { code, responseCode } = error as SmtpFailure;
      const message = error instanceof Error ? error.message : String(error);
      // 5xx for this address or this mail is final; a failed log-in is the operator's to mend.
      const final = code === 'EENVELOPE' || code === 'EMESSAGE';
      if (final && responseCode !== undefined && responseCode >= 500) throw new MailRefused(message, { cause: error });
      throw error;
    }
  }

  close(): void {
    this.transporter.close();
  }
}

/** For a platform that has no mail server: says so in each delivery. */
export class NoMailTransport implements MailTransport {
  send(): Promise<void> {
    return Promise.reject(new MailRefused('the platform has no mail server: the operator sets MILLRACE_SMTP_URL'));
  }
}
