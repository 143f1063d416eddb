import type { TaskContext } from '@millrace/sdk';
import { askShop } from './shop.ts';

/** Which pages the orders of a day fill. */
export default async function listPages(input: { day: string }, ctx: TaskContext): Promise<{ pages: number[] }> {
  const { pages } = await askShop<{ pages: number }>(ctx, `/days/${input.day}`);
  ctx.log.info(`${pages} pages of orders on ${input.day}`);
  return { pages: Array.from({ length: pages }, (_, index) => index + 1) };
}
