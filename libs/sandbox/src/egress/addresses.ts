import ipaddr from 'ipaddr.js';
import type { EgressRefusalReason } from './policy.js';

/** What an address is to the guard: reachable by everybody, or not, and why not. */
export type AddressVerdict =
  | { readonly public: true }
  | {
      readonly public: false;
      readonly reason: Extract<EgressRefusalReason, 'address_not_public' | 'metadata_address'>;
      readonly kind: string;
    };

/** Metadata and platform services of the clouds. Two of them lie in ranges that look public. */
const metadataAddresses = new Set([
  '169.254.169.254', // AWS, Azure, Google, DigitalOcean, OpenStack
  '169.254.170.2', // AWS ECS task credentials
  '169.254.170.23', // AWS EKS pod identity
  '168.63.129.16', // Azure platform, in a public range
  '100.100.100.200', // Alibaba
  '192.0.0.192', // Oracle
  'fd00:ec2::254', // AWS over IPv6
  'fd00:ec2::23', // AWS EKS pod identity over IPv6
  'fd20:ce::254', // Google over IPv6
]);

/** Global unicast: every other IPv6 prefix is translated, mapped, local, reserved or not assigned. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');
/** Documentation (RFC 9637) is not in the library's table. */
const documentation = ipaddr.IPv6.parseCIDR('3fff::/20');

/**
 * Judges an address literal in its canonical form (what DNS or the URL parser gives).
 * @returns undefined where the text is no address.
 */
export function judgeAddress(text: string): AddressVerdict | undefined {
  if (!ipaddr.isValid(text)) return undefined;
  const address = ipaddr.parse(text);
  const canonical = address.kind() === 'ipv6' ? (address as ipaddr.IPv6).toRFC5952String() : address.toString();
  if (metadataAddresses.has(canonical)) return { public: false, reason: 'metadata_address', kind: 'metadata' };
  const range = address.range();
  if (range !== 'unicast') return refused(range);
  if (address instanceof ipaddr.IPv6) {
    if (!address.match(globalUnicast)) return refused('not global unicast');
    if (address.match(documentation)) return refused('documentation');
    if (isIsatap(address)) return refused('isatap');
  }
  return { public: true };
}

function refused(kind: string): AddressVerdict {
  return { public: false, reason: 'address_not_public', kind };
}

/** RFC 5214: the interface part names an IPv4 address that a tunnel would deliver to. */
function isIsatap(address: ipaddr.IPv6): boolean {
  const { parts } = address;
  return (parts[4] === 0 || parts[4] === 0x200) && parts[5] === 0x5efe;
}
