import type { TaskContext } from '@millrace/sdk';
import type { Note, Summary } from './orders.ts';
import { askShop } from './shop.ts';

interface Input {
  summary: Summary;
  /** One of the two: the other branch was skipped and has no output. */
  urgent: Note | null;
  calm: Note | null;
}

/** Posts the summary to the shop's webhook. The run's id makes a repeated post harmless. */
export default async function postSummary(input: Input, ctx: TaskContext): Promise<{ id: string }> {
  const { summary, urgent, calm } = input;
  const posted = await askShop<{ id: string }>(ctx, '/summaries', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': ctx.run.id },
    body: JSON.stringify({ run: ctx.run.id, summary, note: urgent ?? calm }),
  });
  ctx.log.info(`posted as ${posted.id}`);
  return posted;
}
