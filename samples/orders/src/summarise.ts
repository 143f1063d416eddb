import type { Order, Page, Summary } from './orders.ts';

function hoursLate(order: Order): number {
  return order.tookHours - order.promisedHours;
}

/** The orders of all pages in a few figures. */
export default function summarise(input: { day: string; pages: readonly Page[] }): Summary {
  const orders = input.pages.flatMap((page) => page.orders);
  const late = orders.filter((order) => hoursLate(order) > 0).sort((a, b) => hoursLate(b) - hoursLate(a));
  return {
    day: input.day,
    pages: input.pages.length,
    orders: orders.length,
    cents: orders.reduce((sum, order) => sum + order.cents, 0),
    late: late.length,
    latest: late.slice(0, 3).map((order) => `${order.id}, ${hoursLate(order)} h`),
  };
}
