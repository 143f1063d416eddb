import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkout } from '../config.js';

/** What the tour is told by whoever starts it. */
export interface TourConfig {
  /** Base URL of the running platform's API. */
  readonly url: string;
  /** Prints one JSON document in place of the story. */
  readonly json: boolean;
  readonly checkout: string;
  /** Keeps the account of the sample organization between tours. */
  readonly accountFile: string;
  /** Address and password of the sample's warehouse, written by the platform. */
  readonly warehouseFile: string;
}

/** Reads `--url`, `--home` (the instance folder) and `--json`; throws when one of the first two is missing. */
export function readTourConfig(args: readonly string[]): TourConfig {
  const { values } = parseArgs({
    args: [...args],
    options: { url: { type: 'string' }, home: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const { url, home, json } = values;
  if (url === undefined || home === undefined) throw new Error('the tour is started with `npm run tour`');
  const state = join(home, 'state');
  return {
    url,
    json,
    checkout,
    accountFile: join(state, 'tour-account.json'),
    warehouseFile: join(state, 'warehouse-login.json'),
  };
}
