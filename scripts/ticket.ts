/**
 * Tickets on the command line: `npm run -s ticket -- encode < SDP`, `-- decode TEXT`, `-- inspect TEXT`, and
 * `-- inspect < SDP`, which also tells what is left out of the code.
 */
import { readFileSync } from 'node:fs';
import { qrEncoder } from '../src/adapters/qr/qr-encoder.ts';
import { toHex } from '../src/core/bytes.ts';
import { TransferError } from '../src/core/errors.ts';
import type { Candidate } from '../src/core/sdp/candidate.ts';
import { parseDescription, writeDescription } from '../src/core/sdp/description.ts';
import { readTicket, ticketDigits, ticketText } from '../src/core/ticket/text.ts';
import { fitTicket } from '../src/core/ticket/fitting.ts';
import { encodeTicket, TICKET_VERSION, ticketId, type AnyTicket } from '../src/core/ticket/ticket.ts';

const USAGE = 'usage: npm run -s ticket -- encode < offer.sdp | decode TEXT | inspect TEXT | inspect < offer.sdp';

/** What a stranger at a terminal can do about it. */
const ADVICE: Partial<Record<TransferError['code'], string>> = {
  'malformed-sdp': 'this is not an SDP with a data channel',
  'missing-credentials': 'this SDP has no ICE credentials (a=ice-ufrag, a=ice-pwd)',
  'missing-fingerprint': 'this SDP has no SHA-256 certificate fingerprint (a=fingerprint)',
  'not-a-ticket': 'this is not a Heliograph code',
  'ticket-truncated': 'this Heliograph code was cut off',
  'ticket-damaged': 'this Heliograph code has a mistake in it',
  'ticket-newer-version': 'this Heliograph code is from a newer version',
};

function main(args: readonly string[]): string {
  // npm drops nothing after `--`; a lone `--` before a text that begins with '-' is fine too.
  const [command = '', ...rest] = args;
  const texts = rest[0] === '--' ? rest.slice(1) : rest;
  switch (command) {
    case 'encode':
      if (texts.length > 0) throw new Error(USAGE);
      return encode(sdpFromStdin());
    case 'decode':
      return decode(onlyText(texts));
    case 'inspect':
      return texts.length === 0 && !process.stdin.isTTY ? inspectSdp(sdpFromStdin()) : inspect(onlyText(texts));
    default:
      throw new Error(USAGE);
  }
}

function onlyText(texts: readonly string[]): string {
  const text = texts.join(' ');
  if (text.trim() === '') throw new Error(USAGE);
  return text;
}

function sdpFromStdin(): string {
  const sdp = readFileSync(0, 'utf8');
  if (sdp.trim() === '') throw new Error('no SDP on standard input');
  return sdp;
}

function encode(sdp: string): string {
  const createdMinute = Math.floor(Date.now() / 60_000);
  const ticket = fitTicket({ kind: 'open', createdMinute, description: parseDescription(sdp) });
  return `${ticketText(encodeTicket(ticket))}\n`;
}

function decode(text: string): string {
  const ticket = readTicket(text);
  if (ticket.kind === 'call') throw new Error('a call has no fingerprint: who reads it knows that');
  const { description } = ticket;
  return writeDescription(description, { type: 'offer', setup: 'actpass', mid: '0' });
}

/** A text tells how many candidates were left out; which ones, only the SDP does. */
function inspectSdp(sdp: string): string {
  const { candidates } = parseDescription(sdp);
  const text = encode(sdp);
  const kept = new Set(readTicket(text).description.candidates.map((candidate) => JSON.stringify(candidate)));
  const leftOut = candidates.filter((candidate) => !kept.has(JSON.stringify(candidate)));
  return inspect(text) + leftOut.map((candidate) => row('left out', describe(candidate))).join('');
}

/** What kind it is, and of whom. */
function whose(ticket: AnyTicket): readonly (readonly [string, string])[] {
  if (ticket.kind === 'call') return [['kind', `call ${ticket.callId}`]];
  const { fingerprint } = ticket.description;
  const digits = toHex(fingerprint).toUpperCase().match(/../g)?.join(':') ?? '';
  return [
    ['kind', ticket.kind === 'open' ? 'open' : `reply to ${hex16(ticket.repliesTo)}`],
    ['id', hex16(ticketId(ticket.description))],
    ['fingerprint', `sha-256 ${digits}`],
  ];
}

function describe(candidate: Candidate): string {
  const tcpType = candidate.protocol === 'tcp' ? ` (${candidate.tcpType})` : '';
  return `${candidate.type} ${candidate.protocol}${tcpType} ${candidate.address} port ${candidate.port}`;
}

function inspect(text: string): string {
  const ticket = readTicket(text);
  const { description } = ticket;
  const bytes = encodeTicket(ticket);
  const digits = ticketDigits(bytes);
  const rows: (readonly [string, string])[] = [
    ['version', String(TICKET_VERSION)],
    ...whose(ticket),
    ['created', new Date(ticket.createdMinute * 60_000).toISOString().replace(/:\d\d\.\d+Z$/, 'Z')],
    ['ice-ufrag', description.ufrag],
    ['ice-pwd', description.pwd],
    ...description.candidates.map(
      (candidate, index) => [index === 0 ? 'candidates' : '', describe(candidate)] as const,
    ),
    ...(description.candidates.length === 0 ? [['candidates', 'none'] as const] : []),
    [
      'left out',
      ticket.leftOutCount === undefined ? 'none' : `${ticket.leftOutCount} candidates, to keep the code small`,
    ],
    ['sctp-port', String(description.sctpPort)],
    ['max-message-size', description.maxMessageSize === 0 ? '0 (any)' : `${description.maxMessageSize} bytes`],
    ['size', `${bytes.length} bytes, ${ticketText(bytes).length} characters, ${digits.length} digits`],
    ['QR code', `version ${qrVersion(digits, 0)} alone, ${qrVersion(digits, 31)} with a link of 31 characters`],
  ];
  return rows.map(([name, value]) => row(name, value)).join('');
}

function row(name: string, value: string): string {
  return `${name.padEnd(18)}${value}\n`;
}

function qrVersion(digits: string, linkCharacters: number): number {
  return qrEncoder.encode('x'.repeat(linkCharacters), digits).version;
}

function hex16(value: number): string {
  return value.toString(16).padStart(4, '0');
}

try {
  process.stdout.write(main(process.argv.slice(2)));
} catch (error) {
  const advice = error instanceof TransferError ? ADVICE[error.code] : undefined;
  const detail = error instanceof Error ? error.message : String(error);
  console.error(advice === undefined ? detail : `${advice} (${detail})`);
  process.exitCode = 1;
}
