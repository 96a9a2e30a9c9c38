import { isMdnsName, parseIpv4, parseIpv6 } from '../sdp/address.ts';
import { toHex } from '../bytes.ts';

/** How far an address reaches. */
export type AddressScope =
  /** mDNS: an address of this network that the browser hides. */
  | 'hidden'
  /** RFC 1918, ULA (RFC 4193) or link-local: of one network. */
  | 'private'
  /** Of an overlay network or a carrier: no neighbour has it without the same VPN. */
  | 'tunnel'
  | 'public';

/** Tailscale's IPv6 network. */
const TAILSCALE = 'fd7a115ca1e0';

/** @param address IPv4, IPv6 or a name */
export function addressScope(address: string): AddressScope {
  if (isMdnsName(address)) return 'hidden';
  const v4 = parseIpv4(address);
  if (v4 !== undefined) {
    const [a = 0, b = 0] = v4;
    // RFC 6598 (100.64/10: Tailscale, NetBird, and carriers); RFC 2544 (198.18/15: VPN apps that catch everything).
    if ((a === 100 && b >= 64 && b < 128) || (a === 198 && (b === 18 || b === 19))) return 'tunnel';
    const isPrivate =
      a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 169 && b === 254);
    return isPrivate ? 'private' : 'public';
  }
  const v6 = address.includes(':') ? parseIpv6(address) : undefined;
  if (v6 === undefined) return 'public';
  const hex = toHex(v6);
  if (hex.startsWith(TAILSCALE)) return 'tunnel';
  // fc00::/7, fe80::/10
  return /^(f[cd]|fe[89ab])/.test(hex) ? 'private' : 'public';
}

/**
 * Are these likely to be of the same network? Nobody tells the length of the prefix: 24 bits is what homes and hotspots
 * have, 16 is common for 10/8, and IPv6 always has 64 (RFC 4291 §2.5.1).
 */
export function isSameSubnet(one: string, two: string): boolean {
  const [v4One, v4Two] = [parseIpv4(one), parseIpv4(two)];
  if (v4One !== undefined && v4Two !== undefined) {
    const bytes = v4One[0] === 10 ? 2 : 3;
    return toHex(v4One.subarray(0, bytes)) === toHex(v4Two.subarray(0, bytes));
  }
  if (!one.includes(':') || !two.includes(':')) return false;
  const [v6One, v6Two] = [parseIpv6(one), parseIpv6(two)];
  return v6One !== undefined && v6Two !== undefined && toHex(v6One.subarray(0, 8)) === toHex(v6Two.subarray(0, 8));
}

/** So much that a network can be told from another, and no device: `192.168.x.x`, `2001:db8:x`, `(name).local`. */
export function redactAddress(address: string): string {
  if (isMdnsName(address)) return '(name).local';
  const v4 = parseIpv4(address);
  if (v4 !== undefined) return `${v4[0]}.${v4[1]}.x.x`;
  const v6 = address.includes(':') ? parseIpv6(address) : undefined;
  if (v6 === undefined) return '(name)';
  const hex = toHex(v6);
  return `${hex.slice(0, 4)}:${hex.slice(4, 8)}:x`;
}
