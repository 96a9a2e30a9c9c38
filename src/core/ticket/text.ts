import type { Bytes } from '../bytes.ts';
import { TransferError, type ErrorCode } from '../errors.ts';
import { fromBase64Url, toBase64Url } from './base64.ts';
import { fromDigits, isDigits, isOneDigitWrong, toDigits } from './digits.ts';
import { decodeTicket, MAX_TICKET_BYTES, type Ticket } from './ticket.ts';

/** Longer texts are no codes; this bounds the work. */
const MAX_TEXT_CHARACTERS = 4 * MAX_TICKET_BYTES;
/** Below this many characters nothing tells a stump of a code from a word. */
const MIN_STUMP_CHARACTERS = 12;

/** base64url without padding. Always begins with one of `E F G H`. */
export function ticketText(bytes: Bytes): string {
  return toBase64Url(bytes);
}

/** One big decimal number, for the numeric segment of a QR code. TICKET.md §7. */
export function ticketDigits(bytes: Bytes): string {
  return toDigits(bytes);
}

/** @param baseUrl an address; its own fragment is replaced */
export function ticketLink(baseUrl: string, bytes: Bytes): string {
  return `${baseUrl.replace(/#.*$/s, '')}#${ticketText(bytes)}`;
}

/**
 * Reads whatever a person pasted or a camera saw: a link of any origin, base64url or digits, in quotes or angle
 * brackets, broken into lines, with what messengers add.
 *
 * @throws TransferError, origin 'remote': 'not-a-ticket', 'ticket-truncated', 'ticket-damaged' or
 *   'ticket-newer-version'
 */
export function readTicket(text: string): Ticket {
  if (text.length > MAX_TEXT_CHARACTERS) throw notATicket(`${text.length} characters`);
  let closest: TransferError | undefined;
  for (const payload of payloads(text)) {
    try {
      return readPayload(payload);
    } catch (error) {
      if (!(error instanceof TransferError)) throw error;
      if (closest === undefined || rank(error.code) > rank(closest.code)) closest = error;
    }
  }
  throw closest ?? notATicket('nothing in it looks like a code');
}

/** The pieces of a text that may be a code, the likeliest first. */
function payloads(text: string): ReadonlySet<string> {
  // Zero-width characters and soft hyphens come with copied text; %23 is a '#' that somebody escaped.
  const visible = text.replaceAll(/[\u00AD\u200B-\u200F\u2028-\u202E\u2060\uFEFF]/g, '').replaceAll(/%23/g, '#');
  const found = new Set<string>();
  const add = (piece: string | undefined): void => {
    if (piece !== undefined && piece !== '') found.add(piece);
  };
  for (const fragment of visible.split('#').slice(1)) {
    // Up to the first character that no code has: a tracking suffix, a quote, the end of the link. White space may be
    // a line break within the code, or the end of it.
    add(/^[\w-]+/.exec(fragment)?.[0]);
    add(/^[\w-]+(\s+[\w-]+)*/.exec(fragment)?.[0].replaceAll(/\s+/g, ''));
  }
  if (found.size > 0) return found;
  const bare = visible.replaceAll(/[\s"'`<>()[\]{}“”„‘’«»]+/g, '');
  if (/^[\w+/-]+={0,2}[.,;!]*$/.test(bare)) add(bare.replace(/[=.,;!]+$/, ''));
  for (const word of visible.split(/[\s"'`<>()[\]{}“”„‘’«»]+/)) {
    if (word.length >= MIN_STUMP_CHARACTERS && /^[\w-]+[.,;!]?$/.test(word)) add(word.replace(/[.,;!]$/, ''));
  }
  return found;
}

function readPayload(payload: string): Ticket {
  const areDigits = isDigits(payload);
  const bytes = areDigits ? fromDigits(payload) : fromBase64Url(payload);
  if (bytes === undefined) throw notATicket('a character that no code has');
  try {
    return decodeTicket(bytes);
  } catch (error) {
    if (!(error instanceof TransferError)) throw error;
    if (areDigits && error.code === 'not-a-ticket' && isOneDigitWrong(payload)) {
      throw new TransferError('ticket-damaged', 'remote', 'one of the first digits is wrong');
    }
    if (!areDigits && error.code === 'ticket-truncated' && !looksRandom(payload)) {
      throw notATicket('a word that begins like a code');
    }
    throw error;
  }
}

/** Words and names begin with E to H often enough; a stretch of a code has capitals, small letters and digits. */
function looksRandom(text: string): boolean {
  return text.length >= MIN_STUMP_CHARACTERS && /[A-Z]/.test(text) && /[a-z]/.test(text) && /\d/.test(text);
}

/** Of several failures the most telling one is reported. */
function rank(code: ErrorCode): number {
  return ['not-a-ticket', 'ticket-truncated', 'ticket-damaged', 'ticket-newer-version'].indexOf(code);
}

function notATicket(why: string): TransferError {
  return new TransferError('not-a-ticket', 'remote', why);
}
