import { fromHex, toHex, type Bytes } from '../bytes.ts';
import { TransferError } from '../errors.ts';
import type { Description } from '../sdp/description.ts';
import { ByteSource, type ByteSink } from './bits.ts';
import { readCandidates, writeCandidates } from './candidates.ts';
import { CHECK_BYTES } from './check.ts';
import { credentialProfile, profileOf, readCredentials, writeCredentials } from './credentials.ts';

/** One device's description in compact form. TICKET.md is normative. */
export type Ticket = OpenTicket | ReplyTicket;

/** Its maker had applied nothing when it was made. */
export interface OpenTicket {
  readonly kind: 'open';
  /** Minutes since the Unix epoch. Kept from 2026 to 2057; outside of that, the nearest of those. */
  readonly createdMinute: number;
  readonly description: Description;
  /** Candidates that its maker has and did not send (`fitTicket`); absent: none. 255 stands for any greater number. */
  readonly leftOutCount?: number;
}

/** Its maker has applied the ticket that it names. */
export interface ReplyTicket extends Omit<OpenTicket, 'kind'> {
  readonly kind: 'reply';
  /** `ticketId` of the ticket it answers. */
  readonly repliesTo: number;
}

/** For a device that knows its maker already (`core/link/LINK.md` §3.1): nothing comes back. */
export interface CallTicket extends Omit<OpenTicket, 'kind' | 'description'> {
  readonly kind: 'call';
  /** 8 bytes as 16 hex digits. */
  readonly callId: string;
  /** Whom it calls knows the fingerprint. */
  readonly description: Omit<Description, 'fingerprint'>;
}

export type AnyTicket = Ticket | CallTicket;

/*
 * Header byte, TICKET.md §2:  | version (4) | reply (1) | credentials (2) | limits given (1) |
 */
export const TICKET_VERSION = 1;
const REPLY = 0x08;
const LIMITS_GIVEN = 0x01;
/** In place of a credential profile, which then has a byte of its own. */
const CALL = 3;
const CALL_ID_BYTES = 8;
const FINGERPRINT_BYTES = 32;
/** 2026-01-01T00:00Z in minutes since the Unix epoch. */
const FIRST_MINUTE = 29_453_760;
const MINUTE_BYTES = 3;
const LAST_MINUTE = FIRST_MINUTE + 2 ** (8 * MINUTE_BYTES) - 1;
/** What every implementation uses (RFC 8841 §5). */
const USUAL_SCTP_PORT = 5000;

export function versionOf(ticket: Bytes): number {
  return (ticket[0] ?? 0) >> 4;
}

/** Everything but the check value. */
export function writeFields(sink: ByteSink, ticket: AnyTicket): void {
  const { description } = ticket;
  const profile = profileOf(description);
  const hasLimits =
    description.sctpPort !== USUAL_SCTP_PORT || description.maxMessageSize !== usualMaxMessageSize(profile);
  const form = (ticket.kind === 'call' ? CALL : profile) << 1;
  sink.unsigned(
    (TICKET_VERSION << 4) | (ticket.kind === 'reply' ? REPLY : 0) | form | (hasLimits ? LIMITS_GIVEN : 0),
    1,
  );
  if (ticket.kind === 'reply') sink.unsigned(ticket.repliesTo, 2);
  if (ticket.kind === 'call') sink.unsigned(profile, 1);
  writeCredentials(sink, profile, description);
  sink.bytes(ticket.kind === 'call' ? callIdBytes(ticket.callId) : ticket.description.fingerprint);
  sink.unsigned(Math.min(Math.max(ticket.createdMinute, FIRST_MINUTE), LAST_MINUTE) - FIRST_MINUTE, MINUTE_BYTES);
  if (hasLimits) {
    sink.unsigned(description.sctpPort, 2);
    sink.varint(description.maxMessageSize);
  }
  writeCandidates(sink, description.candidates, ticket.leftOutCount ?? 0);
}

/**
 * Reads all fields of a whole ticket, without a look at version and check value.
 *
 * @throws TransferError, origin 'remote': 'ticket-truncated' where the bytes end before the ticket does,
 *   'ticket-damaged' for a value that no field allows, and for bytes after the end
 */
export function readFields(bytes: Bytes): AnyTicket {
  const source = new ByteSource(bytes);
  const ticket = readFrom(source);
  if (source.left > 0) throw damaged(`${source.left} bytes too many`);
  return ticket;
}

/** Bytes up to and with the check value, of a ticket that may have something behind it. Throws as `readFields`. */
export function ticketLength(bytes: Bytes): number {
  const source = new ByteSource(bytes);
  readFrom(source);
  return bytes.length - source.left;
}

function readFrom(source: ByteSource): AnyTicket {
  const header = source.unsigned(1);
  const repliesTo = (header & REPLY) === 0 ? undefined : source.unsigned(2);
  const form = (header >> 1) & 3;
  if (form === CALL && repliesTo !== undefined) throw damaged('a call that is a reply');
  const profile = form === CALL ? source.unsigned(1) : form;
  if (profile > credentialProfile.general) throw damaged('credentials of no kind');
  const { ufrag, pwd } = readCredentials(source, profile);
  const callId = form === CALL ? toHex(source.bytes(CALL_ID_BYTES)) : undefined;
  const fingerprint = form === CALL ? undefined : source.bytes(FINGERPRINT_BYTES).slice();
  const createdMinute = source.unsigned(MINUTE_BYTES) + FIRST_MINUTE;
  const hasLimits = (header & LIMITS_GIVEN) !== 0;
  const sctpPort = hasLimits ? source.unsigned(2) : USUAL_SCTP_PORT;
  const maxMessageSize = hasLimits ? source.varint() : usualMaxMessageSize(profile);
  if (sctpPort === 0) throw damaged('sctp-port 0');
  const { candidates, leftOutCount } = readCandidates(source);
  source.bytes(CHECK_BYTES);
  const leftOut = leftOutCount === 0 ? {} : { leftOutCount };
  if (fingerprint === undefined || callId !== undefined) {
    const called = { ufrag, pwd, candidates, sctpPort, maxMessageSize };
    return { kind: 'call', callId: callId ?? '', createdMinute, description: called, ...leftOut };
  }
  const description: Description = { ufrag, pwd, fingerprint, candidates, sctpPort, maxMessageSize };
  const fields = { createdMinute, description, ...leftOut };
  return repliesTo === undefined ? { kind: 'open', ...fields } : { kind: 'reply', repliesTo, ...fields };
}

function callIdBytes(callId: string): Bytes {
  const bytes = fromHex(callId);
  if (bytes?.length !== CALL_ID_BYTES) throw new TransferError('internal', 'local', `call id ${callId}`);
  return bytes;
}

/** What the browsers with these credentials say (Chromium 156, Firefox 153). */
function usualMaxMessageSize(profile: number): number {
  return profile === credentialProfile.firefox ? 1_073_741_823 : 262_144;
}

function damaged(why: string): TransferError {
  return new TransferError('ticket-damaged', 'remote', why);
}
