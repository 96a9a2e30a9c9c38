import type { Bytes } from '../bytes.ts';
import { TransferError, type ErrorCode } from '../errors.ts';
import { leadingBytes } from './base64.ts';
import { hasValidCheck } from './check.ts';
import { isWhole, likelyError, type LikelyError } from './diagnosis.ts';
import { TICKET_VERSION, versionOf } from './fields.ts';
import { base64Form, digitForm, isOneCharacterOff, MAX_EDITED_CHARACTERS, type TextForm } from './forms.ts';
import { findStarts, type Start } from './pieces.ts';
import { decodeTicket, type AnyTicket } from './ticket.ts';

/** Longer texts are no codes; this bounds the work. The longest code has 9867 digits. */
const MAX_TEXT_CHARACTERS = 16_384;
/** No version can do without fingerprint and credentials. Of 65521 stumps, one has a right check by chance. */
const MIN_CHECKED_BYTES = 48;
/** Telephone and article numbers are shorter than this; a stump of a code that is, cannot be told from them. */
const MIN_STUMP_DIGITS = 40;
/** Characters in which one wrong one is looked for, in all places of a text together: bounds the work. */
const MAX_EDITED_TOGETHER = 1_280;
/** Below this, a stump of a code cannot be told from a word or a section name in a link. */
const MIN_STUMP_CHARACTERS = 8;

/** base64url without padding. Always begins with one of `E F G H`. */
export function ticketText(bytes: Bytes): string {
  return base64Form.write(bytes);
}

/** One big decimal number, for the numeric segment of a QR code. TICKET.md §7. */
export function ticketDigits(bytes: Bytes): string {
  return digitForm.write(bytes);
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
export function readTicket(text: string): AnyTicket {
  if (text.length > MAX_TEXT_CHARACTERS) throw refused('not-a-ticket', `${text.length} characters`);
  const starts = findStarts(text);
  const candidates = starts.flatMap(bytesOfPieces);
  const whole = candidates.find(isWhole);
  if (whole === undefined) throw whatIsWrong(starts, candidates);
  return decodeTicket(whole);
}

function bytesOfPieces({ pieces }: Start): readonly Bytes[] {
  return pieces.flatMap((piece) => {
    const form = formOf(piece);
    return (piece.length <= form.maxCharacters ? form.read(piece) : undefined) ?? [];
  });
}

function whatIsWrong(starts: readonly Start[], candidates: readonly Bytes[]): TransferError {
  let budget = MAX_EDITED_TOGETHER;
  for (const piece of new Set(starts.flatMap(({ suspect, rest }) => [suspect, rest]))) {
    if (piece.length > MAX_EDITED_CHARACTERS) continue;
    budget -= piece.length;
    if (budget < 0) break;
    if (isOneCharacterOff(formOf(piece), piece)) return refused('ticket-damaged', 'one character is off');
  }
  const checked = candidates.find((bytes) => bytes.length >= MIN_CHECKED_BYTES && hasValidCheck(bytes));
  const version = checked === undefined ? 0 : versionOf(checked);
  if (version > TICKET_VERSION) return refused('ticket-newer-version', `version ${version}, not ${TICKET_VERSION}`);
  if (version === TICKET_VERSION) return refused('ticket-damaged', 'a field that the format does not allow');
  for (const { suspect } of starts) {
    const code = likelyTextError(suspect);
    if (code !== 'not-a-ticket') return refused(code, `${suspect.length} characters`);
  }
  return refused('not-a-ticket', 'nothing in it looks like a code');
}

/** Digits where at most one character is none: it may be the wrong one. */
function formOf(piece: string): TextForm {
  const others = piece.replaceAll(/\d+/g, '');
  return others.length < piece.length && Array.from(others).length <= 1 ? digitForm : base64Form;
}

function likelyTextError(suspect: string): LikelyError {
  if (/^\d+$/.test(suspect)) return likelyDigitsError(suspect);
  const piece = /^[\w-]*/.exec(suspect)?.[0] ?? '';
  if (piece.length > base64Form.maxCharacters) return 'not-a-ticket';
  const code = likelyError(leadingBytes(piece));
  return code === 'ticket-truncated' && !looksRandom(piece) ? 'not-a-ticket' : code;
}

/** The bytes of a number without its end, or with wrong digits, say nothing; but for their count. */
function likelyDigitsError(digits: string): LikelyError {
  if (digits.length < MIN_STUMP_DIGITS || digits.length > digitForm.maxCharacters) return 'not-a-ticket';
  const bytes = digitForm.read(digits);
  return bytes !== undefined && likelyError(bytes) === 'ticket-damaged' ? 'ticket-damaged' : 'ticket-truncated';
}

/**
 * Words and names begin with E to H often enough, as in `page#Features` or `#GettingStarted-2`. In a stretch of a code
 * small letters, capitals and digits take turns at two places of three; in words, at one of four.
 */
function looksRandom(text: string): boolean {
  if (text.length < MIN_STUMP_CHARACTERS || !/[A-Z]/.test(text) || !/[a-z]/.test(text)) return false;
  const kinds = Array.from(text, kindOf);
  const turns = kinds.filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length;
  const share = turns / (text.length - 1);
  return /\d/.test(text) ? share >= 0.4 : text.length >= 2 * MIN_STUMP_CHARACTERS && share >= 0.5;
}

function kindOf(character: string): 'small' | 'capital' | 'digit' | 'other' {
  if (character >= 'a' && character <= 'z') return 'small';
  if (character >= 'A' && character <= 'Z') return 'capital';
  return character >= '0' && character <= '9' ? 'digit' : 'other';
}

function refused(code: ErrorCode, why: string): TransferError {
  return new TransferError(code, 'remote', why);
}
