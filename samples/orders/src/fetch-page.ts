import type { TaskContext } from '@millrace/sdk';
import type { Page } from './orders.ts';
import { askShop } from './shop.ts';

/** One page of orders. The service is sometimes not there; then the task fails and its retry policy says what follows. */
export default async function fetchPage(input: { day: string; page: number }, ctx: TaskContext): Promise<Page> {
  const page = await askShop<Page>(ctx, `/days/${input.day}/pages/${input.page}?run=${ctx.run.id}`);
  ctx.log.info(`page ${page.page}: ${page.orders.length} orders, try ${ctx.try}`);
  return page;
}
