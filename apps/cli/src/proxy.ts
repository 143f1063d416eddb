import * as http from 'node:http';
import type { CliConfig } from './config.js';

/** Newer versions of Node.js can be told while they run; the types are those of the oldest that we support. */
interface ProxyAware {
  readonly setGlobalProxyFromEnv?: () => unknown;
}

const loopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/**
 * Sends requests through the proxy that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name. Gives a sentence for people where
 * this Node.js cannot.
 */
export function useProxy(config: CliConfig, url: string): string | undefined {
  if (config.proxy === undefined || config.nodeUsesProxy || loopback.test(new URL(url).hostname)) return undefined;
  const { setGlobalProxyFromEnv } = http as ProxyAware;
  if (setGlobalProxyFromEnv === undefined) {
    return `the proxy of HTTPS_PROXY is not used: Node.js ${process.version} cannot (24 can)`;
  }
  setGlobalProxyFromEnv();
  return undefined;
}
