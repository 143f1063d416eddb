import { describe, expect, it } from 'vitest';
import { isRetryable, toProgram } from './runners.js';

describe('what a runner makes of a task', () => {
  it('finds the compiled form of TypeScript and everything below /bundle', () => {
    expect(toProgram('node', { entry: 'src/load.ts' })).toEqual({
      kind: 'node',
      entry: '/bundle/src/load.mjs',
      export: 'default',
    });
    expect(toProgram('node', { entry: 'load.cjs', export: 'x' })).toEqual({
      kind: 'node',
      entry: '/bundle/load.cjs',
      export: 'x',
    });
    expect(toProgram('python', { entry: 'a/b.py' })).toEqual({
      kind: 'python',
      entry: '/bundle/a/b.py',
      function: 'main',
    });
    expect(toProgram('shell', { file: 'run.sh' })).toEqual({ kind: 'shell', file: '/bundle/run.sh', shell: 'sh' });
    expect(toProgram('shell', { script: 'true', shell: 'bash' })).toEqual({
      kind: 'shell',
      script: 'true',
      shell: 'bash',
    });
  });

  it('hands defaults to the built-in programs', () => {
    expect(toProgram('sql', { connection: 'w', file: 'x.sql' })).toEqual({
      kind: 'builtin',
      name: 'sql',
      config: { connection: 'w', file: '/bundle/x.sql', rows: 'all', maxRows: 10_000 },
    });
    expect(toProgram('http', { url: 'https://example.com', headers: { n: 5 } })).toEqual({
      kind: 'builtin',
      name: 'http',
      config: { method: 'GET', url: 'https://example.com', headers: { n: '5' }, parse: 'json' },
    });
  });

  it('refuses what does not fit once it is resolved, and what no runner executes', () => {
    expect(() => toProgram('http', { url: 5 })).toThrow(
      'the configuration of this http task does not fit once its expressions are resolved at /url',
    );
    expect(() => toProgram('wait', { seconds: 1 })).toThrow('a task of type "wait" is not executed by a runner');
    expect(() => toProgram('constructor', {})).toThrow('not executed by a runner');
  });

  it('knows whether a repeat can help: the code’s own word first, then the type’s classes', () => {
    const failed = (code?: string, retryable?: boolean) => ({
      outcome: 'failed',
      ...(code === undefined ? {} : { code }),
      ...(retryable === undefined ? {} : { retryable }),
    });

    expect(isRetryable('node', failed())).toBe(true);
    expect(isRetryable('node', failed(undefined, false))).toBe(false);
    expect(isRetryable('node', failed('output.not_json'))).toBe(false);
    expect(isRetryable('node', { outcome: 'output_too_large' })).toBe(false);
    expect(isRetryable('python', { outcome: 'oom' })).toBe(true);
    expect([
      isRetryable('sql', failed('sql.40001')),
      isRetryable('sql', failed('sql.55P03')),
      isRetryable('sql', failed('sql.42601')),
      isRetryable('sql', failed('sql.23505')),
    ]).toEqual([true, true, false, false]);
    expect([
      isRetryable('http', failed('http.503')),
      isRetryable('http', failed('http.429')),
      isRetryable('http', failed('http.404')),
      isRetryable('http', failed('http.network')),
    ]).toEqual([true, true, false, true]);
    expect(isRetryable('unknown', failed())).toBe(true);
  });
});
