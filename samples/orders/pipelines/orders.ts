// A day's orders from a paginated service that sometimes fails -> figures -> one of two notes -> a webhook.
import { gt, lte, pipeline, schema } from '@millrace/sdk';

export const orders = pipeline(
  'orders',
  {
    description: "A day's orders, summarised and posted.",
    params: {
      day: schema.string({ format: 'date' }),
      lateAllowed: schema.integer({ minimum: 0, default: 5, description: 'More late orders than this are urgent.' }),
    },
    concurrency: { maxActiveRuns: 4 },
    defaults: { timeout: '1m' },
    deadline: '10m',
  },
  (p) => {
    const index = p.node('index', () => import('../src/list-pages.ts'), {
      connections: ['shop'],
      input: { day: p.params.day },
      retry: { maxAttempts: 3, delay: '200ms' },
    });

    const fetched = p.each(index.output.pages, { maxConcurrency: 4 }, (each) =>
      each.node('fetch', () => import('../src/fetch-page.ts'), {
        connections: ['shop'],
        input: { day: p.params.day, page: each.item },
        retry: { maxAttempts: 4, delay: '100ms', factor: 2, maxDelay: '2s' },
      }),
    );

    const summary = p.node('summarise', () => import('../src/summarise.ts'), {
      input: { day: p.params.day, pages: fetched.output },
    });

    const urgent = p.node('apologise', () => import('../src/notes.ts'), {
      export: 'apologise',
      when: gt(summary.output.late, p.params.lateAllowed),
      input: summary.output,
    });
    const calm = p.node('reassure', () => import('../src/notes.ts'), {
      export: 'reassure',
      when: lte(summary.output.late, p.params.lateAllowed),
      input: summary.output,
    });

    p.node('post', () => import('../src/post-summary.ts'), {
      connections: ['shop'],
      // One of the two branches is skipped.
      needs: [urgent, calm],
      trigger: 'none_failed_min_one_success',
      input: { summary: summary.output, urgent: urgent.output, calm: calm.output },
      retry: { maxAttempts: 5, delay: '200ms' },
    });
  },
);
