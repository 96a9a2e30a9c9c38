import { concatBytes, type Bytes } from '../bytes.ts';
import { TransferError } from '../errors.ts';
import type { Description } from '../sdp/description.ts';
import { toBase64Url } from './base64.ts';
import { ByteSink } from './bits.ts';
import { CHECK_BYTES, checkValue, hasValidCheck } from './check.ts';
import { likelyError } from './diagnosis.ts';
import { readFields, TICKET_VERSION, versionOf, writeFields, type AnyTicket, type Ticket } from './fields.ts';
import { base64Form, isOneCharacterOff } from './forms.ts';
import { MAX_TICKET_BYTES } from './limits.ts';

export type { AnyTicket, CallTicket, OpenTicket, ReplyTicket, Ticket } from './fields.ts';
export { TICKET_VERSION } from './fields.ts';
export { MAX_TICKET_BYTES } from './limits.ts';

/** Names a ticket within its reply: the same for the open and the reply form. 0 to 65520. TICKET.md §6. */
export function ticketId({ ufrag, fingerprint }: Description): number {
  const ascii = Uint8Array.from(ufrag, (character) => character.charCodeAt(0));
  return checkValue(concatBytes(ascii, fingerprint));
}

const MINUTE_MS = 60_000;

/** For `createdMinute`. */
export function minuteOf(epochMs: number): number {
  return Math.floor(epochMs / MINUTE_MS);
}

/** An open ticket of a description that was made just now, as it travels over a link. Throws as `encodeTicket`. */
export function encodeOpen(description: Description, nowEpochMs: number): Bytes {
  return encodeTicket({ kind: 'open', createdMinute: minuteOf(nowEpochMs), description });
}

/** An open ticket or a reply; undefined for a call, and for whatever is no ticket, or of a newer version. */
export function tryDecodeTicket(bytes: Bytes): Ticket | undefined {
  try {
    const ticket = decodeTicket(bytes);
    return ticket.kind === 'call' ? undefined : ticket;
  } catch (error) {
    if (error instanceof TransferError && error.origin === 'remote') return undefined;
    throw error;
  }
}

/**
 * @throws TransferError, origin 'local': 'limit-exceeded' for a description that needs more than `MAX_TICKET_BYTES`,
 *   'internal' for one that `parseDescription` would not have given
 */
export function encodeTicket(ticket: AnyTicket): Bytes {
  const sink = new ByteSink();
  writeFields(sink, ticket);
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
export function decodeTicket(bytes: Bytes): AnyTicket {
  const version = versionOf(bytes);
  if (bytes.length > MAX_TICKET_BYTES) throw new TransferError('not-a-ticket', 'remote', `${bytes.length} bytes`);
  if (!hasValidCheck(bytes)) {
    const code = isOneCharacterOff(base64Form, toBase64Url(bytes)) ? 'ticket-damaged' : likelyError(bytes);
    throw new TransferError(code, 'remote', `${bytes.length} bytes of version ${version}: the check does not fit`);
  }
  if (version > TICKET_VERSION) {
    throw new TransferError('ticket-newer-version', 'remote', `version ${version}, known up to ${TICKET_VERSION}`);
  }
  if (version < TICKET_VERSION) throw new TransferError('not-a-ticket', 'remote', `version ${version}`);
  return readFields(bytes);
}
