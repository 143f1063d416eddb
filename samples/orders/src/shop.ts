import type { TaskContext } from '@millrace/sdk';

/** Asks the shop's service, which the connection `shop` leads to. An answer of 5xx may be another one next time. */
export async function askShop<T>(ctx: TaskContext, path: string, init: RequestInit = {}): Promise<T> {
  const { shop } = ctx.connections;
  if (shop === undefined) throw Object.assign(new Error('the connection "shop" is missing'), { retryable: false });
  const response = await fetch(new URL(path, shop.url), init);
  const body = await response.text();
  if (response.ok) return JSON.parse(body) as T;
  ctx.log.warn(`${path} answered ${response.status}: ${body}`);
  const error = new Error(`${path} answered ${response.status}`);
  throw Object.assign(error, { code: `http.${response.status}`, retryable: response.status >= 500 });
}
