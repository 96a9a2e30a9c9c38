import { TransferError } from '../errors.ts';
import { canonicalAddress, isLoopback } from './address.ts';

/** What of an ICE candidate (RFC 8839 §5.1) has to travel; the rest can be made up again. Component 1 only. */
export type Candidate = UdpCandidate | TcpCandidate;

export interface UdpCandidate {
  readonly type: CandidateType;
  readonly protocol: 'udp';
  /** IPv4, IPv6 (RFC 5952) or a name such as mDNS `<uuid>.local`, in its canonical spelling. */
  readonly address: string;
  /** 1 to 65535. */
  readonly port: number;
}

export interface TcpCandidate extends Omit<UdpCandidate, 'protocol'> {
  readonly protocol: 'tcp';
  /** RFC 6544 §4.5. Active ones have no port to connect to and are not carried. */
  readonly tcpType: 'passive' | 'so';
}

export type CandidateType = 'host' | 'srflx' | 'prflx' | 'relay';

/** Type preferences of RFC 8445 §5.1.2.2. */
const TYPE_PREFERENCE: Record<CandidateType, number> = { host: 126, prflx: 110, srflx: 100, relay: 0 };

/**
 * Parses one `a=candidate:` value. Unknown extensions are ignored, as RFC 8839 §5.1 requires.
 *
 * @param value what follows `a=candidate:`, without CRLF
 * @returns undefined for a candidate that is of no use to a peer: loopback, active TCP, component 2, a transport
 *   that we do not know, an address that is none
 * @throws TransferError 'malformed-sdp', origin 'remote'
 */
export function parseCandidate(value: string): Candidate | undefined {
  const [foundation, component, transport, priority, rawAddress, rawPort, typ, type, ...extensions] = value
    .trim()
    .split(/\s+/);
  const port = Number(rawPort);
  if (foundation === undefined || !/^\d+$/.test(component ?? '') || !/^\d+$/.test(priority ?? '') || typ !== 'typ') {
    throw malformed(value, 'wanted: foundation component transport priority address port typ type');
  }
  if (!/^\d+$/.test(rawPort ?? '') || port > 65_535) throw malformed(value, `port ${String(rawPort)} out of range`);
  if (!isCandidateType(type)) return undefined;
  const address = canonicalAddress(rawAddress ?? '');
  if (component !== '1' || port === 0 || address === undefined || isLoopback(address)) return undefined;
  switch ((transport ?? '').toLowerCase()) {
    case 'udp':
      return { type, protocol: 'udp', address, port };
    case 'tcp': {
      const tcpType = extensions[extensions.indexOf('tcptype') + 1];
      if (!extensions.includes('tcptype') || (tcpType !== 'passive' && tcpType !== 'so')) return undefined;
      return { type, protocol: 'tcp', tcpType, address, port };
    }
    default:
      return undefined;
  }
}

/** Writes the value of `a=candidate:`. @param index 0 to 65535, its place in the list: earlier is preferred */
export function writeCandidate(candidate: Candidate, index: number): string {
  const { type, protocol, address, port } = candidate;
  // Within a type, TCP comes after UDP (RFC 6544 §4.2), and the order of the list decides the rest.
  const localPreference = (protocol === 'udp' ? 65_535 : 32_767) - (index & 0x7fff);
  const priority = TYPE_PREFERENCE[type] * 2 ** 24 + localPreference * 2 ** 8 + 255;
  const base = `${index + 1} 1 ${protocol} ${priority} ${address} ${port} typ ${type}`;
  // The real related address is not sent; RFC 8839 §5.1 allows to hide it like this.
  const related = type === 'host' ? '' : address.includes(':') ? ' raddr :: rport 9' : ' raddr 0.0.0.0 rport 9';
  return base + related + (protocol === 'tcp' ? ` tcptype ${candidate.tcpType}` : '');
}

function isCandidateType(type: string | undefined): type is CandidateType {
  return type !== undefined && Object.hasOwn(TYPE_PREFERENCE, type);
}

function malformed(value: string, why: string): TransferError {
  return new TransferError('malformed-sdp', 'remote', `a=candidate:${value.slice(0, 100)}: ${why}`);
}
