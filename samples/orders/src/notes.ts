import type { Note, Summary } from './orders.ts';

/** What to say when too many orders came late. */
export function apologise(summary: Summary): Note {
  return { level: 'urgent', text: `${summary.late} of ${summary.orders} orders late: ${summary.latest.join('; ')}` };
}

/** What to say when all is well. */
export function reassure(summary: Summary): Note {
  return { level: 'calm', text: `${summary.orders} orders, ${summary.late} late` };
}
