import { fromHex, toHex, type Bytes } from '../bytes.ts';
import { TransferError } from '../errors.ts';
import { canonicalAddress, formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from '../sdp/address.ts';
import type { Candidate, CandidateType } from '../sdp/candidate.ts';
import type { ByteSink, ByteSource } from './bits.ts';

/*
 * One candidate, TICKET.md §5. A header byte, then the address, then the port unless it is the previous one's.
 *
 *     7      6 5     4     3          2 1 0
 *   | last | type | tcp | same port | form |
 */
const LAST = 0x80;
const TCP = 0x10;
const SAME_PORT = 0x08;
/** The header of "there is no candidate at all": the first one has no port to share. */
const NONE = 0xff;
/** A TCP candidate says its tcptype in one byte more. */
const TCP_TYPES = ['passive', 'so'] as const;
const TYPES = ['host', 'srflx', 'relay', 'prflx'] as const satisfies readonly CandidateType[];

const form = {
  private16: 0, // 192.168.x.y: 2 bytes
  private8: 1, // 10.x.y.z: 3 bytes
  ipv4: 2, // 4 bytes
  ipv6: 3, // 16 bytes
  sameNetwork: 4, // IPv6 within the /64 of the last IPv6 address: 8 bytes
  mdnsUuid: 5, // <UUID>.local: 16 bytes
  name: 6, // 1 byte length, then that many ASCII bytes
  leftOut: 7, // no candidate: 1 byte, how many were left out
} as const;
const MOST_LEFT_OUT = 255;

const UUID_NAME = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})\.local$/;

/** @param leftOutCount candidates that are not among these; 255 stands for any greater number */
export function writeCandidates(sink: ByteSink, candidates: readonly Candidate[], leftOutCount: number): void {
  if (candidates.length === 0) return sink.unsigned(NONE, 1);
  let port: number | undefined;
  let network: string | undefined;
  for (const [index, candidate] of candidates.entries()) {
    const packed = packAddress(candidate.address, network);
    let header = (TYPES.indexOf(candidate.type) << 5) | packed.form;
    if (index === candidates.length - 1 && leftOutCount === 0) header |= LAST;
    if (candidate.protocol === 'tcp') header |= TCP;
    if (candidate.port === port) header |= SAME_PORT;
    sink.unsigned(header, 1);
    if (candidate.protocol === 'tcp') sink.unsigned(TCP_TYPES.indexOf(candidate.tcpType), 1);
    sink.bytes(packed.bytes);
    if (candidate.port !== port) sink.unsigned(candidate.port, 2);
    ({ port } = candidate);
    network = networkOf(candidate.address) ?? network;
  }
  if (leftOutCount === 0) return;
  sink.unsigned(LAST | form.leftOut, 1);
  sink.unsigned(Math.min(leftOutCount, MOST_LEFT_OUT), 1);
}

/** @throws TransferError 'ticket-truncated' or 'ticket-damaged', origin 'remote' */
export function readCandidates(source: ByteSource): { candidates: Candidate[]; leftOutCount: number } {
  const candidates: Candidate[] = [];
  let port: number | undefined;
  let network: string | undefined;
  for (;;) {
    const header = source.unsigned(1);
    if (header === NONE && candidates.length === 0) return { candidates, leftOutCount: 0 };
    if (header === (LAST | form.leftOut) && candidates.length > 0) {
      const leftOutCount = source.unsigned(1);
      if (leftOutCount === 0) throw damaged('no candidate was left out');
      return { candidates, leftOutCount };
    }
    const type = TYPES[(header >> 5) & 3] ?? 'host';
    const tcpType = (header & TCP) === 0 ? undefined : readTcpType(source);
    const address = readAddress(source, header & 7, network);
    if ((header & SAME_PORT) === 0) port = source.unsigned(2);
    if (port === undefined || port === 0) throw damaged('a candidate without a port');
    candidates.push(
      tcpType === undefined
        ? { type, protocol: 'udp', address, port }
        : { type, protocol: 'tcp', tcpType, address, port },
    );
    network = networkOf(address) ?? network;
    if ((header & LAST) !== 0) return { candidates, leftOutCount: 0 };
  }
}

function readTcpType(source: ByteSource): (typeof TCP_TYPES)[number] {
  const tcpType = TCP_TYPES[source.unsigned(1)];
  if (tcpType === undefined) throw damaged('unknown tcptype');
  return tcpType;
}

function packAddress(address: string, network: string | undefined): { form: number; bytes: Bytes } {
  const v4 = parseIpv4(address);
  if (v4 !== undefined) {
    if (v4[0] === 192 && v4[1] === 168) return { form: form.private16, bytes: v4.subarray(2) };
    if (v4[0] === 10) return { form: form.private8, bytes: v4.subarray(1) };
    return { form: form.ipv4, bytes: v4 };
  }
  const v6 = address.includes(':') ? parseIpv6(address) : undefined;
  if (v6 !== undefined) {
    if (networkOf(address) === network) return { form: form.sameNetwork, bytes: v6.subarray(8) };
    return { form: form.ipv6, bytes: v6 };
  }
  const uuid = UUID_NAME.exec(address);
  const uuidBytes = uuid === null ? undefined : fromHex(uuid.slice(1).join(''));
  if (uuidBytes !== undefined) return { form: form.mdnsUuid, bytes: uuidBytes };
  if (canonicalAddress(address) !== address) {
    throw new TransferError('internal', 'local', `address ${address.slice(0, 50)} is not in its canonical spelling`);
  }
  const ascii = Uint8Array.from(address, (character) => character.charCodeAt(0));
  return { form: form.name, bytes: Uint8Array.of(ascii.length, ...ascii) };
}

function readAddress(source: ByteSource, kind: number, network: string | undefined): string {
  switch (kind) {
    case form.private16:
      return formatIpv4(Uint8Array.of(192, 168, ...source.bytes(2)));
    case form.private8:
      return formatIpv4(Uint8Array.of(10, ...source.bytes(3)));
    case form.ipv4:
      return formatIpv4(source.bytes(4));
    case form.ipv6:
      return formatIpv6(source.bytes(16));
    case form.sameNetwork: {
      const prefix = network === undefined ? undefined : fromHex(network);
      if (prefix === undefined) throw damaged('an IPv6 network that was not given');
      return formatIpv6(Uint8Array.of(...prefix, ...source.bytes(8)));
    }
    case form.mdnsUuid: {
      const hex = toHex(source.bytes(16));
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}.local`;
    }
    case form.name: {
      const name = String.fromCharCode(...source.bytes(source.unsigned(1)));
      // Goes into an SDP line, so nothing but a host name will do.
      if (canonicalAddress(name) !== name || parseIpv4(name) !== undefined || name.includes(':')) {
        throw damaged('a name that is none');
      }
      return name;
    }
    default:
      throw damaged(`unknown address form ${kind}`);
  }
}

/** The first 8 bytes of an IPv6 address, in hexadecimal. */
function networkOf(address: string): string | undefined {
  const v6 = address.includes(':') ? parseIpv6(address) : undefined;
  return v6 === undefined ? undefined : toHex(v6.subarray(0, 8));
}

function damaged(why: string): TransferError {
  return new TransferError('ticket-damaged', 'remote', why);
}
