import { readFile } from 'node:fs/promises';
import {
  allowedTestFault,
  type Environment,
  invalidConfig,
  type PushWay,
  readConfig,
  settings,
} from '@millrace/platform';
import type { Fencing } from '@millrace/runs';
import type { IsolationRule } from './identity.js';

/** What the gateway is told from outside, beyond what the API as a whole knows. */
export interface GatewayConfig {
  readonly isolation: IsolationRule;
  readonly fencing: Fencing;
  /** A fault that tests switch on: the last log lines of attempts that are followed in their stretch are dropped. */
  readonly losesLog: boolean;
  readonly ways: readonly PushWay[];
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
}

const shape = {
  environment: settings.environment,
  allowNoIsolation: settings.allowNoIsolation,
  testFault: settings.testFault,
  ways: settings.ways,
  tlsCert: settings.gatewayTlsCert,
  tlsKey: settings.gatewayTlsKey,
};

/** Reads the gateway's settings; throws `config.invalid` naming every mistake at once. */
export async function readGatewayConfig(env: Environment = process.env): Promise<GatewayConfig> {
  const values = readConfig(shape, env);
  const production = values.environment === 'production';
  const fault = allowedTestFault(values.environment, values.testFault);
  const { tlsCert, tlsKey } = values;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw invalidConfig([
      {
        code: 'config.incomplete',
        pointer: tlsCert === undefined ? '/MILLRACE_GATEWAY_TLS_CERT' : '/MILLRACE_GATEWAY_TLS_KEY',
        message: 'MILLRACE_GATEWAY_TLS_CERT and MILLRACE_GATEWAY_TLS_KEY belong together',
        hint: 'set both or neither',
      },
    ]);
  }
  return {
    isolation: { production, allowNoIsolation: values.allowNoIsolation },
    ways: values.ways,
    fencing: fault === 'no-fence' ? 'off' : 'on',
    losesLog: fault === 'lose-log',
    tls:
      tlsCert === undefined || tlsKey === undefined
        ? undefined
        : { cert: await readFile(tlsCert, 'utf8'), key: await readFile(tlsKey, 'utf8') },
  };
}
