import { DomainError } from '@millrace/kernel';
import { expect, it } from 'vitest';
import { readStandaloneConfig } from './config.js';

it('needs no setting at all', () => {
  expect(readStandaloneConfig({})).toMatchObject({ bind: '127.0.0.1', environment: 'development', port: undefined });
});

it('names mistakes in single settings and between settings together', () => {
  const env = {
    MILLRACE_PORT: '0',
    MILLRACE_APP_DATABASE_URL: 'postgres://app:secret@db/millrace',
    MILLRACE_TLS_CERT: '/nowhere/cert.pem',
    TEMPORAL_BIN: '/nowhere/temporal',
  };
  let found: DomainError | undefined;
  try {
    readStandaloneConfig(env);
  } catch (error) {
    if (error instanceof DomainError) found = error;
  }
  expect(found?.details.map((detail) => detail.pointer)).toEqual([
    '/MILLRACE_PORT',
    '/MILLRACE_DATABASE_URL',
    '/MILLRACE_CONTROL_DATABASE_URL',
    '/MILLRACE_TLS_KEY',
    '/MILLRACE_TLS_CERT',
    '/TEMPORAL_BIN',
  ]);
  expect(found?.message).not.toContain('secret@');
});
