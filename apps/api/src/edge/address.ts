import { isIPv6 } from 'node:net';

function hextets(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  if (tail === undefined) return left;
  const right = tail === '' ? [] : tail.split(':');
  return [...left, ...Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0'), ...right];
}

/** What a limit per network address counts by: an IPv4 address, or the /64 of an IPv6 one, which one host owns whole. */
export function addressBucket(ip: string | undefined): string {
  if (ip === undefined) return 'unknown';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(ip)) return ip;
  const prefix = hextets(ip.split('%')[0] ?? ip).slice(0, 4);
  return `${prefix.map((part) => Number.parseInt(part, 16).toString(16)).join(':')}::/64`;
}
