import { concatBytes, type Bytes } from '../bytes.ts';
import { TransferError, type ErrorCode } from '../errors.ts';
import type { Description } from '../sdp/description.ts';
import { ByteSink, ByteSource } from './bits.ts';
import { readCandidates, writeCandidates } from './candidates.ts';
import { CHECK_BYTES, checkValue, hasValidCheck, oneCharacterAway } from './check.ts';
import { credentialProfile, profileOf, readCredentials, writeCredentials } from './credentials.ts';

/** One device's description in compact form. TICKET.md is normative. */
export type Ticket = OpenTicket | ReplyTicket;

/** Its maker had applied nothing when it was made. */
export interface OpenTicket {
  readonly kind: 'open';
  /** Minutes since the Unix epoch. Kept from 2026 to 2057; outside of that, the nearest of those. */
  readonly createdMinute: number;
  readonly description: Description;
}

/** Its maker has applied the ticket that it names. */
export interface ReplyTicket extends Omit<OpenTicket, 'kind'> {
  readonly kind: 'reply';
  /** `ticketId` of the ticket it answers. */
  readonly repliesTo: number;
}

/*
 * Header byte:  | version (4) | reply (1) | credentials (2) | limits given (1) |
 */
const VERSION = 1;
const REPLY = 0x08;
const LIMITS_GIVEN = 0x01;
const FINGERPRINT_BYTES = 32;
/** 2026-01-01T00:00Z in minutes since the Unix epoch. */
const FIRST_MINUTE = 29_453_760;
const MINUTE_BYTES = 3;
const DEFAULT_SCTP_PORT = 5000;
/** A ticket of the smallest possible kind: Firefox's credentials, no candidate. */
export const MIN_TICKET_BYTES = 1 + 20 + FINGERPRINT_BYTES + MINUTE_BYTES + 1 + CHECK_BYTES;
/** Bounds what a decoder looks at. A browser with twenty addresses makes about 400 bytes. */
export const MAX_TICKET_BYTES = 8_192;

/** Names a ticket within its reply: the same for the open and the reply form. 0 to 65535. */
export function ticketId({ ufrag, fingerprint }: Description): number {
  return checkValue(
    concatBytes(
      Uint8Array.from(ufrag, (character) => character.charCodeAt(0)),
      fingerprint,
    ),
  );
}

/** @throws TransferError 'limit-exceeded', origin 'local', for a description that needs more than 8192 bytes */
export function encodeTicket(ticket: Ticket): Bytes {
  const { description } = ticket;
  const profile = profileOf(description);
  const hasLimits =
    description.sctpPort !== DEFAULT_SCTP_PORT || description.maxMessageSize !== usualMaxMessageSize(profile);
  const sink = new ByteSink();
  sink.unsigned(
    (VERSION << 4) | (ticket.kind === 'reply' ? REPLY : 0) | (profile << 1) | (hasLimits ? LIMITS_GIVEN : 0),
    1,
  );
  if (ticket.kind === 'reply') sink.unsigned(ticket.repliesTo, 2);
  writeCredentials(sink, profile, description);
  sink.bytes(description.fingerprint);
  sink.unsigned(Math.min(Math.max(ticket.createdMinute - FIRST_MINUTE, 0), 2 ** (8 * MINUTE_BYTES) - 1), MINUTE_BYTES);
  if (hasLimits) {
    sink.unsigned(description.sctpPort, 2);
    sink.varint(description.maxMessageSize);
  }
  writeCandidates(sink, description.candidates);
  sink.unsigned(checkValue(sink.done()), CHECK_BYTES);
  const bytes = sink.done();
  if (bytes.length > MAX_TICKET_BYTES) {
    throw new TransferError('limit-exceeded', 'local', `ticket of ${bytes.length} bytes, at most ${MAX_TICKET_BYTES}`);
  }
  return bytes;
}

/**
 * @throws TransferError, origin 'remote': 'ticket-newer-version', 'ticket-truncated', 'ticket-damaged', or
 *   'not-a-ticket' where nothing speaks for these bytes being one
 */
export function decodeTicket(bytes: Bytes): Ticket {
  if (bytes.length > MAX_TICKET_BYTES) throw new TransferError('not-a-ticket', 'remote', `${bytes.length} bytes`);
  const version = (bytes[0] ?? 0) >> 4;
  if (hasValidCheck(bytes) && version > VERSION) {
    throw new TransferError('ticket-newer-version', 'remote', `version ${version}, known up to ${VERSION}`);
  }
  if (version !== VERSION) throw notOurs(bytes, version);
  if (hasValidCheck(bytes)) return readTicketBytes(bytes);
  // What is wrong? A ticket says by itself where it ends, so one that ends earlier was cut, unless a single wrong
  // character accounts for everything.
  if (endsEarly(bytes) && !isOneCharacterWrong(bytes)) {
    throw new TransferError('ticket-truncated', 'remote', `${bytes.length} bytes are not all`);
  }
  throw new TransferError('ticket-damaged', 'remote', 'the check value does not fit');
}

function endsEarly(bytes: Bytes): boolean {
  return failureOf(bytes) === 'ticket-truncated';
}

function isOneCharacterWrong(bytes: Bytes): boolean {
  if (bytes.length < MIN_TICKET_BYTES) return false;
  for (const repaired of oneCharacterAway(bytes)) {
    if ((repaired[0] ?? 0) >> 4 === VERSION && failureOf(repaired) === undefined) return true;
  }
  return false;
}

function failureOf(bytes: Bytes): ErrorCode | undefined {
  try {
    readTicketBytes(bytes);
    return undefined;
  } catch (error) {
    if (error instanceof TransferError) return error.code;
    throw error;
  }
}

/** The first character holds the version, so a wrong one there makes a ticket look foreign. */
function notOurs(bytes: Bytes, version: number): TransferError {
  return isOneCharacterWrong(bytes)
    ? new TransferError('ticket-damaged', 'remote', 'the version is wrong')
    : new TransferError('not-a-ticket', 'remote', `version ${version}`);
}

function readTicketBytes(bytes: Bytes): Ticket {
  const source = new ByteSource(bytes);
  const header = source.unsigned(1);
  const repliesTo = (header & REPLY) === 0 ? undefined : source.unsigned(2);
  const profile = (header >> 1) & 3;
  if (profile > credentialProfile.general)
    throw new TransferError('ticket-damaged', 'remote', 'credentials of no kind');
  const { ufrag, pwd } = readCredentials(source, profile);
  const fingerprint = source.bytes(FINGERPRINT_BYTES).slice();
  const createdMinute = source.unsigned(MINUTE_BYTES) + FIRST_MINUTE;
  const hasLimits = (header & LIMITS_GIVEN) !== 0;
  const sctpPort = hasLimits ? source.unsigned(2) : DEFAULT_SCTP_PORT;
  const maxMessageSize = hasLimits ? source.varint() : usualMaxMessageSize(profile);
  if (sctpPort === 0) throw new TransferError('ticket-damaged', 'remote', 'sctp-port 0');
  const candidates = readCandidates(source);
  source.unsigned(CHECK_BYTES);
  if (source.left > 0) throw new TransferError('ticket-damaged', 'remote', `${source.left} bytes too many`);
  const description: Description = { ufrag, pwd, fingerprint, candidates, sctpPort, maxMessageSize };
  return repliesTo === undefined
    ? { kind: 'open', createdMinute, description }
    : { kind: 'reply', repliesTo, createdMinute, description };
}

/** What the browsers with these credentials say (Chromium 156, Firefox 153). */
function usualMaxMessageSize(profile: number): number {
  return profile === credentialProfile.firefox ? 1_073_741_823 : 262_144;
}
