import { fromHex, toHex, type Bytes } from '../bytes.ts';
import { TransferError } from '../errors.ts';
import { hasValidCheck } from './check.ts';
import { MAX_TICKET_BYTES, MIN_TICKET_BYTES } from './ticket.ts';

/*
 * The number is the ticket with a byte 0x01 before it, read as one unsigned big-endian integer, so that leading
 * zeros need no care. A base64url text of a ticket begins with a letter, so the two forms cannot be confused.
 */
const LEAD = 0x01;
const MAX_DIGITS = Math.ceil((MAX_TICKET_BYTES + 1) * 2.41);
/** Telephone and article numbers are shorter than the stump of a code that is worth a word. */
const MIN_STUMP_DIGITS = 40;
/** 10^-6 of the number reaches below the version. */
const LEADING_DIGITS = 6;

export function isDigits(text: string): boolean {
  return /^\d+$/.test(text);
}

export function toDigits(bytes: Bytes): string {
  return BigInt(`0x01${toHex(bytes)}`).toString();
}

/** @throws TransferError 'not-a-ticket', 'ticket-truncated' or 'ticket-damaged', origin 'remote' */
export function fromDigits(digits: string): Bytes {
  if (digits.length > MAX_DIGITS) throw refuse('not-a-ticket', digits);
  const bytes = bytesOf(BigInt(digits));
  if (bytes !== undefined) return bytes;
  if (isOneDigitWrong(digits)) throw refuse('ticket-damaged', digits);
  throw refuse(digits.length < MIN_STUMP_DIGITS ? 'not-a-ticket' : 'ticket-truncated', digits);
}

/** True where changing one of the first digits makes a whole ticket: those hold the leading byte and the version. */
export function isOneDigitWrong(digits: string): boolean {
  if (digits.length < 2 * MIN_TICKET_BYTES || digits.length > 1_000) return false;
  const value = BigInt(digits);
  for (let place = 0; place < LEADING_DIGITS; place++) {
    const power = 10n ** BigInt(digits.length - 1 - place);
    for (let digit = 0n; digit < 10n; digit++) {
      const bytes = bytesOf(value + (digit - BigInt(digits[place] ?? 0)) * power);
      if (bytes !== undefined && hasValidCheck(bytes)) return true;
    }
  }
  return false;
}

/** Undefined where the leading byte is missing: a digit is wrong, or some are. */
function bytesOf(value: bigint): Bytes | undefined {
  const hex = value.toString(16);
  const all = fromHex(hex.padStart(hex.length + (hex.length % 2), '0'));
  return all?.[0] === LEAD && all.length > 1 ? all.slice(1) : undefined;
}

function refuse(code: 'not-a-ticket' | 'ticket-truncated' | 'ticket-damaged', digits: string): TransferError {
  return new TransferError(code, 'remote', `${digits.length} digits`);
}
