import { Gauge } from 'prom-client';
import { expect, it } from 'vitest';
import { metrics, serveMetrics } from './metrics.js';

it('serves metrics, health and the reason for not being ready', async () => {
  new Gauge({ name: 'millrace_spec_gauge', help: 'Set by this spec.', registers: [metrics] }).set(7);
  const server = await serveMetrics({
    host: '127.0.0.1',
    port: 0,
    ready: () => Promise.reject(new Error('no Temporal')),
  });
  const get = async (path: string): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
    return `${response.status} ${await response.text()}`;
  };

  expect(await get('/metrics')).toContain('millrace_spec_gauge 7');
  expect(await get('/healthz')).toBe('200 ok\n');
  expect(await get('/readyz')).toBe('503 no Temporal\n');
  expect(await get('/other')).toBe('404 not found\n');
  await server.close();
});
