import type { EgressTarget } from './policy.js';

/**
 * Brings a host into the one spelling that is compared and resolved: lower case, no trailing dot, no brackets;
 * decimal, octal, hexadecimal and short IPv4 become dotted, as every URL parser would read them.
 * @returns undefined where the text is no host.
 */
export function canonicalHost(host: string): string | undefined {
  if (host === '' || host.length > 255 || /[\s/\\?#@%]/.test(host)) return undefined;
  const bracketed = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  let parsed: URL;
  try {
    parsed = new URL(`http://${bracketed}:1`);
  } catch {
    return undefined;
  }
  const name = parsed.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  return name === '' ? undefined : name;
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65535;
}

/** A target in its canonical spelling, or undefined where host or port cannot be understood. */
export function canonicalTarget(target: EgressTarget): EgressTarget | undefined {
  const host = canonicalHost(target.host);
  return host === undefined || !isPort(target.port) ? undefined : { host, port: target.port };
}

/** The target of a CONNECT request: `host:port`, IPv6 in brackets. */
export function parseAuthority(authority: string): EgressTarget | undefined {
  const match = /^(\[[0-9A-Fa-f:.]+\]|[^:[\]]+):(\d{1,5})$/.exec(authority);
  const [, host, port] = match ?? [];
  if (host === undefined || port === undefined) return undefined;
  return canonicalTarget({ host, port: Number(port) });
}

/** The target of a request in absolute form. Only `http:`: what is encrypted comes through CONNECT. */
export function parseAbsolute(
  url: string,
): (EgressTarget & { readonly path: string; readonly hostHeader: string }) | undefined {
  if (!/^http:\/\//i.test(url)) return undefined;
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return undefined;
  }
  const target = canonicalTarget({
    host: parsed.hostname,
    port: parsed.port === '' ? 80 : Number(parsed.port),
  });
  return target === undefined
    ? undefined
    : { ...target, path: `${parsed.pathname}${parsed.search}`, hostHeader: parsed.host };
}
