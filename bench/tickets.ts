import { readdirSync, readFileSync } from 'node:fs';
import { qrEncoder } from '../src/adapters/qr/qr-encoder.ts';
import type { Bytes } from '../src/core/bytes.ts';
import type { Candidate } from '../src/core/sdp/candidate.ts';
import { parseDescription, type Description } from '../src/core/sdp/description.ts';
import { ticketDigits, ticketText } from '../src/core/ticket/text.ts';
import { encodeTicket } from '../src/core/ticket/ticket.ts';
import type { BenchRow } from './support/bench.ts';

export interface TicketRow {
  readonly file: string;
  readonly bytes: number;
  /** Characters of base64url. */
  readonly textLength: number;
  /** Of the QR code with a link of `LINK_CHARACTERS` before the digits, level L. */
  readonly qrVersion: number;
}

/** As long as https://heliograph.example/app/#. */
const LINK_CHARACTERS = 31;
const CREATED_MINUTE = Math.floor(Date.now() / 60_000);
const folder = new URL('../test/vectors/sdp/', import.meta.url);

const ADDRESSES = {
  lan: host('192.168.1.20', 50_000),
  other: host('203.0.113.9', 50_001),
  ipv6: host('2001:db8:1:2:3:4:5:6', 50_002),
  mdns: host('6f1c8e0a-6b1d-4b0e-9a57-0c2d3e4f5a6b.local', 50_003),
  mdns2: host('0e5d7c9b-3a2f-4c61-8b40-9f8e7d6c5b4a.local', 50_004),
  srflx: { type: 'srflx', protocol: 'udp', address: '198.51.100.7', port: 50_000 },
} as const satisfies Record<string, Candidate>;

/** What a code may have to carry, from the least on. */
const CONTENTS: Readonly<Record<string, readonly Candidate[]>> = {
  'no address at all': [],
  'one address in 192.168': [ADDRESSES.lan],
  'one other IPv4 address': [ADDRESSES.other],
  'one mDNS name': [ADDRESSES.mdns],
  '192.168, IPv6 and a STUN address': [ADDRESSES.lan, ADDRESSES.ipv6, ADDRESSES.srflx],
  'two mDNS names': [ADDRESSES.mdns, ADDRESSES.mdns2],
};

function host(address: string, port: number): Candidate {
  return { type: 'host', protocol: 'udp', address, port };
}

/** Sizes by content, with Chromium's credentials; `reply` is the same as an answer to another code. */
export function ticketsByContent(): readonly BenchRow[] {
  return Object.entries(CONTENTS).map(([content, candidates]) => {
    const description: Description = {
      ufrag: 'aB3+',
      pwd: 'k2/9XyZpQrStUvWx01234567',
      fingerprint: Uint8Array.from({ length: 32 }, (_, i) => (i * 37 + 11) % 256),
      candidates,
      sctpPort: 5000,
      maxMessageSize: 262_144,
    };
    const open = encodeTicket({ kind: 'open', createdMinute: CREATED_MINUTE, description });
    const reply = encodeTicket({ kind: 'reply', repliesTo: 1, createdMinute: CREATED_MINUTE, description });
    return {
      content,
      bytes: open.length,
      reply: reply.length,
      textLength: ticketText(open).length,
      qrVersion: qrVersion(open),
    };
  });
}

function qrVersion(ticket: Bytes): number {
  return qrEncoder.encode('x'.repeat(LINK_CHARACTERS), ticketDigits(ticket)).version;
}

/** The size of the ticket of every SDP in `test/vectors/sdp/`. */
export function benchTickets(): readonly TicketRow[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.sdp'));
  return files
    .toSorted((a, b) => a.localeCompare(b))
    .map((file) => {
      const description = parseDescription(readFileSync(new URL(file, folder), 'utf8'));
      const bytes = encodeTicket({ kind: 'open', createdMinute: CREATED_MINUTE, description });
      return { file, bytes: bytes.length, textLength: ticketText(bytes).length, qrVersion: qrVersion(bytes) };
    });
}
