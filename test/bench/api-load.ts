/** Load on one URL from a process of its own; says the latencies in milliseconds. */
import autocannon from 'autocannon';

export interface LoadOrder {
  readonly url: string;
  readonly key: string;
  readonly method: 'GET' | 'POST';
  /** Requests in all. */
  readonly amount: number;
}
export interface LoadAnswer {
  readonly latencies: readonly number[];
  readonly bad: number;
}

/** Requests at once. */
const connections = 16;

process.on('message', (order: LoadOrder) => {
  const latencies: number[] = [];
  let bad = 0;
  const instance = autocannon(
    {
      url: order.url,
      connections,
      amount: order.amount,
      method: order.method,
      headers: { authorization: `Bearer ${order.key}`, 'content-type': 'application/json' },
      ...(order.method === 'POST' ? { body: '{"params":{}}', idReplacement: false } : {}),
    },
    (error, result) => {
      const failures = error === null ? result.errors + result.timeouts : 1;
      process.send?.({ latencies, bad: bad + failures } satisfies LoadAnswer);
    },
  );
  instance.on('response', (_client, status, _bytes, milliseconds) => {
    if (status === 200 || status === 201) latencies.push(milliseconds);
    else bad += 1;
  });
});
process.once('disconnect', () => process.exit(0));
process.send?.('ready');
