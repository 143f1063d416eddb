import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

export interface TourConfig {
  readonly url: string;
  /** One JSON document in the last line instead of prose. */
  readonly json: boolean;
  readonly checkout: string;
  /** Where the account of the tour is kept between tours. */
  readonly accountFile: string;
  /** Address and password of the sample's warehouse, written by the platform. */
  readonly warehouseFile: string;
  /** Ports of the instance; one of them is opened to the sample `orders`. */
  readonly portsFile: string;
}

/** Reads `--url URL --home FOLDER [--json]`. */
export function readTourConfig(args: readonly string[]): TourConfig {
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: { type: 'string' },
      home: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  if (values.url === undefined || values.home === undefined) {
    throw new Error('the tour needs --url and --home; `npm run tour` gives both');
  }
  return {
    url: values.url,
    json: values.json,
    checkout: fileURLToPath(new URL('../../../..', import.meta.url)),
    accountFile: join(values.home, 'state', 'tour-account.json'),
    warehouseFile: join(values.home, 'state', 'warehouse-login.json'),
    portsFile: join(values.home, 'state', 'ports.json'),
  };
}
