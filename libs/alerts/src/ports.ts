import type { SendMail } from './mail.js';

/** Where mail goes: a mail server, or the mailbox of a platform under development. */
export interface MailTransport {
  /**
   * Hands one mail over. The same `messageId` may come again where an answer was lost.
   * @throws MailRefused where a repeat cannot succeed; anything else may be repeated
   */
  send(mail: SendMail): Promise<void>;
}

/** The mail server will never take this mail, or there is none. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused';
}

/** One request to a webhook. */
export interface WebhookRequest {
  readonly url: string;
  /** Slug of the organization: the operator may have opened private addresses to it. */
  readonly organization: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came of it. `refused`: the platform does not let it out, a repeat would not either. */
export type WebhookAnswer =
  | {
      readonly outcome: 'answered';
      readonly status: number;
      /** The first KiB, as text. */
      readonly response: string;
      /** What the receiver asks for in `Retry-After`, in milliseconds. */
      readonly retryAfterMs?: number;
    }
  | { readonly outcome: 'unreachable' | 'refused'; readonly error: string };

/** The way out to webhooks: every address checked and pinned, redirects not followed, time and size limited. */
export interface WebhookTransport {
  post(request: WebhookRequest): Promise<WebhookAnswer>;
}
