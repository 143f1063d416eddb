import { describe, expect, it } from 'vitest';
import { logger, withLogFields } from './logger.js';

describe('logger', () => {
  it('adds the fields of the surrounding request, inner ones over outer ones, and hides secrets', async () => {
    const lines: string[] = [];
    const log = logger('api', { destination: { write: (line) => void lines.push(line) } });

    await withLogFields({ requestId: 'req_1', route: '/v1/runs' }, async () => {
      await Promise.resolve();
      withLogFields({ runId: 'run_1' }, () => log.info({ headers: { authorization: 'Bearer x' } }, 'accepted'));
    });
    log.info('outside');

    const [inside, outside] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(inside).toMatchObject({
      level: 'info',
      name: 'api',
      msg: 'accepted',
      requestId: 'req_1',
      runId: 'run_1',
      headers: { authorization: '[redacted]' },
    });
    expect(outside).not.toHaveProperty('requestId');
  });
});
