import { DomainError } from '@millrace/kernel';
import { describe, expect, it } from 'vitest';
import { readConfig } from './read-config.js';
import { required } from './setting.js';
import { settings } from './settings.js';

function mistakes(work: () => unknown): readonly string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error.details.map((detail) => `${detail.message} | ${detail.hint ?? ''}`);
  }
  throw new Error('no mistake was reported');
}

describe('readConfig', () => {
  it('gives parsed values and the documented defaults', () => {
    const config = readConfig(
      { port: settings.port, bind: settings.bind, gateway: settings.gateway, trust: settings.trustProxy },
      { MILLRACE_PORT: '8080', MILLRACE_GATEWAY: '[::1]:7071', MILLRACE_TRUST_PROXY: '', PATH: '/bin' },
    );
    expect(config).toEqual({
      port: 8080,
      bind: '127.0.0.1',
      gateway: { kind: 'tcp', host: '::1', port: 7071 },
      trust: undefined,
    });
  });

  it('names every mistake at once, with the remedy', () => {
    const found = mistakes(() =>
      readConfig(
        { port: settings.port, store: settings.objectStore, url: required(settings.appDatabaseUrl) },
        {
          MILLRACE_PORT: '99999',
          MILLRACE_OBJECT_STORE: 'ftp://bucket',
          MILLRACE_PORTT: '1',
          MILLRACE_API_KEY: 'mine',
        },
      ),
    );
    expect(found).toHaveLength(4);
    expect(found[0]).toContain('MILLRACE_PORTT is not a setting of Millrace | did you mean MILLRACE_PORT?');
    expect(found[1]).toContain('MILLRACE_PORT is "99999": must be a port number from 1 to 65535');
    expect(found[2]).toContain('must be file:/// followed by an absolute path, or s3://bucket');
    expect(found[3]).toContain('MILLRACE_APP_DATABASE_URL is not set: it is required | set it to `postgres://');
  });

  it('never shows the value of a secret', () => {
    const found = mistakes(() =>
      readConfig(
        { url: required(settings.appDatabaseUrl), control: settings.controlDatabaseUrl },
        { MILLRACE_APP_DATABASE_URL: 'mysql://hunter2@db', MILLRACE_CONTROL_DATABASE_URL: 'hunter2' },
      ),
    );
    expect(found.join('\n')).not.toContain('hunter2');
    expect(found.join('\n')).toContain('must begin with postgres://');
  });
});
