import { isMdnsName, parseIpv4, parseIpv6 } from '../sdp/address.ts';
import type { Candidate } from '../sdp/candidate.ts';
import { ByteSink } from './bits.ts';
import { CHECK_BYTES } from './check.ts';
import { writeFields, type AnyTicket } from './fields.ts';

/**
 * The longest ticket that stays at QR version 8, level L, behind a link of up to 60 characters (1552 bits of data, less
 * two segment headers and the link's bytes, leave 313 digits: 129 bytes). TICKET.md §5.1.
 */
export const FITTING_BYTES = 128;
/** A reply has these more; a code is fitted for both at once, so that its reply shows the same candidates. */
const REPLY_BYTES = 2;

/**
 * Leaves out candidates, the least valuable first, until the ticket and its reply are at most `FITTING_BYTES`. The
 * others keep their order. One is always kept.
 */
export function fitTicket<T extends AnyTicket>(ticket: T): T {
  const { candidates } = ticket.description;
  if (sizeOf(ticket, candidates) <= FITTING_BYTES) return ticket;
  let kept: readonly Candidate[] = [];
  for (const candidate of byValue(candidates)) {
    const more = candidates.filter((one) => one === candidate || kept.includes(one));
    if (kept.length === 0 || sizeOf(ticket, more) <= FITTING_BYTES) kept = more;
  }
  return fitted(ticket, candidates, kept);
}

function fitted<T extends AnyTicket>(ticket: T, all: readonly Candidate[], kept: readonly Candidate[]): T {
  const description = { ...ticket.description, candidates: kept };
  if (kept.length === all.length) return { ...ticket, description };
  return { ...ticket, description, leftOutCount: (ticket.leftOutCount ?? 0) + all.length - kept.length };
}

function sizeOf(ticket: AnyTicket, kept: readonly Candidate[]): number {
  const sink = new ByteSink();
  writeFields(sink, fitted(ticket, ticket.description.candidates, kept));
  return sink.done().length + CHECK_BYTES + (ticket.kind === 'reply' ? 0 : REPLY_BYTES);
}

/**
 * The most valuable first: one of each kind, in the order of `KINDS`; then the second of each kind, and so on. Within a
 * kind the browser's order counts.
 */
function byValue(candidates: readonly Candidate[]): readonly Candidate[] {
  const seen = new Map<Kind, number>();
  const ranked = candidates.map((candidate) => {
    const kind = kindOf(candidate);
    const turn = seen.get(kind) ?? 0;
    seen.set(kind, turn + 1);
    return { candidate, turn, value: KINDS.indexOf(kind) };
  });
  return ranked.toSorted((a, b) => a.turn - b.turn || a.value - b.value).map(({ candidate }) => candidate);
}

/**
 * What a candidate is good for, the likeliest to connect two devices first: those of one room, then those across the
 * internet, with the relay, the dearest way, last. After that what hardly ever helps where none of these did. The names
 * that browsers hide addresses behind (mDNS) count as addresses of this network.
 */
const KINDS = ['192.168', 'name', '10', '172.16', 'ipv6', 'srflx4', 'srflx6', 'relay', 'other', 'tcp'] as const;
type Kind = (typeof KINDS)[number];

function kindOf({ type, protocol, address }: Candidate): Kind {
  if (type === 'relay') return 'relay';
  const isIpv6 = address.includes(':');
  if (type !== 'host') return isIpv6 ? 'srflx6' : 'srflx4';
  if (protocol === 'tcp') return 'tcp';
  if (isMdnsName(address)) return 'name';
  return isIpv6 ? ipv6Kind(address) : ipv4Kind(address);
}

/** RFC 1918. 192.168/16 is what homes and hotspots have, 10/8 offices and VPN, 172.16/12 often containers. */
function ipv4Kind(address: string): Kind {
  const [a = 0, b = 0] = parseIpv4(address) ?? [];
  if (a === 192 && b === 168) return '192.168';
  if (a === 10) return '10';
  return a === 172 && b >= 16 && b < 32 ? '172.16' : 'other';
}

/** Link-local (fe80::/10) needs a zone that a peer cannot know. */
function ipv6Kind(address: string): Kind {
  const [a = 0, b = 0] = parseIpv6(address) ?? [];
  return a === 0xfe && (b & 0xc0) === 0x80 ? 'other' : 'ipv6';
}
