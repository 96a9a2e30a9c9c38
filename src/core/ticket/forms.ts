import { fromHex, toHex, type Bytes } from '../bytes.ts';
import { BASE64URL_ALPHABET, fromBase64Url, toBase64Url } from './base64.ts';
import { fittingEdits, remainderOfText, type Edit } from './check.ts';
import { isWhole } from './diagnosis.ts';
import { MAX_TICKET_BYTES } from './limits.ts';

/** A way to write a ticket as text. TICKET.md §7. */
export interface TextForm {
  readonly base: 10 | 64;
  /** The symbol of value i at index i. */
  readonly alphabet: string;
  readonly maxCharacters: number;
  readonly write: (bytes: Bytes) => string;
  /** Undefined for everything that `write` does not write, so that each ticket has one text. */
  readonly read: (text: string) => Bytes | undefined;
  /** What a whole ticket's text of this length, read as a number, leaves as `remainderOfText`. */
  readonly remainder: (length: number) => number;
}

export const base64Form: TextForm = {
  base: 64,
  alphabet: BASE64URL_ALPHABET,
  maxCharacters: Math.ceil((MAX_TICKET_BYTES * 8) / 6),
  write: toBase64Url,
  read: fromBase64Url,
  remainder: (length) => remainderOfText((length * 6) % 8),
};

/** Decimal digits of one byte. */
const DIGITS_PER_BYTE = 8 * Math.log10(2);

/**
 * One unsigned big-endian number: a byte 0x01, so that leading zeros need no care, then the ticket. A base64url text of
 * a ticket never begins with a digit, so the two forms cannot be confused.
 */
export const digitForm: TextForm = {
  base: 10,
  alphabet: '0123456789',
  maxCharacters: Math.ceil((MAX_TICKET_BYTES + 1) * DIGITS_PER_BYTE),
  write: (bytes) => BigInt(`0x01${toHex(bytes)}`).toString(),
  read(text) {
    if (!/^[1-9][0-9]*$/.test(text)) return undefined;
    const hex = BigInt(text).toString(16);
    // The leading byte makes an odd number of digits that begins with 1.
    return hex.length % 2 === 1 && hex.startsWith('1') ? fromHex(hex.slice(1)) : undefined;
  },
  remainder: (length) => remainderOfText(0, 8 * Math.floor(length / DIGITS_PER_BYTE)),
};

/** Beyond this, some edit makes a ticket of anything, and looking for it takes long. Real codes have 80 to 320. */
export const MAX_EDITED_CHARACTERS = 640;

/**
 * True where this text is a whole ticket but for one character that is wrong, missing or too many. One that is missing
 * at the end does not count: such a text was cut off.
 */
export function isOneCharacterOff(form: TextForm, text: string): boolean {
  if (text.length > MAX_EDITED_CHARACTERS) return false;
  const characters = Array.from(text);
  const symbols = characters.map((character) => form.alphabet.indexOf(character));
  const foreign = symbols.indexOf(-1);
  if (foreign !== symbols.lastIndexOf(-1)) return false;
  const edits = foreign === -1 ? fittingEdits(symbols, form.base, form.remainder) : editsAt(foreign, form);
  for (const { place, removed, inserted } of edits) {
    const replacement = inserted === undefined ? '' : form.alphabet.charAt(inserted);
    const edited = [...characters.slice(0, place), replacement, ...characters.slice(place + removed)].join('');
    if (isWhole(form.read(edited)) && !edited.startsWith(text)) return true;
  }
  return false;
}

/** A character that the form does not have is the wrong one. */
function editsAt(place: number, form: TextForm): Edit[] {
  const inserted = [undefined, ...Array.from(form.alphabet, (_, symbol) => symbol)];
  return inserted.map((symbol) => ({ place, removed: 1, inserted: symbol }));
}
