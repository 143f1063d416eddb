import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { findMailboxMessage, listMailbox, type MailboxMessage } from '@millrace/alerts';
import { ControlDatabase, type ControlTransaction } from '@millrace/database';
import { DomainError } from '@millrace/kernel';
import type { z } from 'zod';
import type { ApiConfig } from '../../config.js';
import { apiConfig, Caller, cursorOf, Operation, Requires, toPage } from '../../edge/index.js';
import { mailboxMessage, mailboxPage, mailboxPath, mailboxQuery } from './mailbox.schema.js';

const toMessage = (found: MailboxMessage): z.infer<typeof mailboxMessage> => ({
  ...found,
  at: found.at.toISOString(),
});

/** Mail of a platform under development: each person sees the mail to their own address, and no other. */
@ApiTags('Mailbox')
@Controller('v1/mailbox')
export class MailboxController {
  constructor(
    @Inject(ControlDatabase) private readonly control: ControlDatabase,
    @Inject(apiConfig) private readonly config: ApiConfig,
  ) {}

  @Get()
  @Requires('read', 'organization')
  @Operation({
    id: 'listMailbox',
    summary: 'List the mail to you',
    description:
      'Of a platform for development that has no mail server. Newest first, kept for a week. Needs a session: an API key has no address.',
    response: mailboxPage,
  })
  list(
    @Caller() caller: Caller,
    @Query({ schema: mailboxQuery }) query: z.infer<typeof mailboxQuery>,
  ): Promise<z.infer<typeof mailboxPage>> {
    return this.control.transaction(async (tx) => {
      const address = await this.addressOf(tx, caller);
      const [after] = cursorOf(query, 1) ?? [];
      const rows = await listMailbox(tx, address, { after, limit: query.limit + 1 });
      return toPage(rows, query, (row) => [row.id], toMessage);
    });
  }

  @Get(':message')
  @Requires('read', 'organization')
  @Operation({ id: 'getMailboxMessage', summary: 'Show a mail to you', response: mailboxMessage })
  get(
    @Caller() caller: Caller,
    @Param({ schema: mailboxPath }) path: z.infer<typeof mailboxPath>,
  ): Promise<z.infer<typeof mailboxMessage>> {
    return this.control.transaction(async (tx) => {
      const found = await findMailboxMessage(tx, await this.addressOf(tx, caller), path.message);
      if (found === undefined) throw new DomainError('not_found', 'message.not_found', 'there is no such mail to you');
      return toMessage(found);
    });
  }

  /** The address that the caller signed up or was invited with. */
  private async addressOf(tx: ControlTransaction, caller: Caller): Promise<string> {
    if (!this.config.mailbox) {
      throw new DomainError(
        'not_found',
        'mailbox.none',
        'this platform keeps no mail: it sends it, or is in production',
      );
    }
    if (caller.member === undefined) {
      throw new DomainError(
        'forbidden',
        'mailbox.person_needed',
        'the mailbox is for people: an API key has no address',
      );
    }
    const [user] = await tx.query<{ email: string }>(`select email from users where id = $1`, [caller.member.userId]);
    if (user === undefined) throw new DomainError('not_found', 'mailbox.none', 'there is no such person');
    return user.email;
  }
}
