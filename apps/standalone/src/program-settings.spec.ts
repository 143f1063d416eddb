import { expect, it } from 'vitest';
import { readStandaloneConfig } from './config.js';
import { programsOf } from './program-settings.js';

const paths = {
  postgres: '/home/postgres',
  warehouse: '/home/warehouse',
  temporal: '/home/temporal',
  objects: '/home/objects',
  logs: '/home/logs',
  state: '/home/state',
  passwords: '/home/passwords',
  keys: '/home/keys',
  run: '/home/run',
  scratch: '/home/scratch',
  runtime: '/home/runtime',
  pools: '/home/pools',
  config: '/home/config',
  backups: '/home/backups',
};

function environments(env: Record<string, string>): Record<string, Readonly<Record<string, string | undefined>>> {
  const programs = programsOf(
    {
      config: readStandaloneConfig(env),
      folder: { home: '/home', user: undefined, paths },
      runtime: { folder: '/runtime', node: '/usr/bin/node' },
      database: { owner: 'postgres://o@h/d', app: 'postgres://a@h/d', control: 'postgres://c@h/d' },
      apiPort: 7070,
      temporalAddress: '127.0.0.1:7233',
      masterKeyFile: '/home/keys/master.key',
      egressFile: '/home/config/egress.json',
    },
    env,
  );
  return Object.fromEntries(programs.map((program) => [program.name, program.env]));
}

it('gives each program that serves metrics a port of its own', () => {
  const { orchestrator, 'pool-controller': controller } = environments({ MILLRACE_METRICS_PORT: '9100' });
  expect([orchestrator?.['MILLRACE_METRICS_PORT'], controller?.['MILLRACE_METRICS_PORT']]).toEqual(['9100', '9101']);
});

it('serves metrics of no other program than the API unless it is told to', () => {
  for (const env of Object.values(environments({}))) expect(env['MILLRACE_METRICS_PORT']).toBeUndefined();
});

it('hands a secret to the programs that need it by name, and to no other', () => {
  const { api, orchestrator } = environments({ MILLRACE_METRICS_TOKEN: 'a-token-of-enough-letters' });
  expect(api?.['MILLRACE_METRICS_TOKEN']).toBe('a-token-of-enough-letters');
  expect(Object.keys(orchestrator ?? {})).not.toContain('MILLRACE_METRICS_TOKEN');
});
