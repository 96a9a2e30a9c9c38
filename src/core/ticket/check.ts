import type { Bytes } from '../bytes.ts';

/**
 * A ticket, read as one big-endian number, leaves a fixed remainder when divided by this prime. TICKET.md §3.
 *
 * Why not a CRC: a wrong symbol at place k of a text in base b changes the number by d * b^k with |d| < b, which a
 * prime above b never divides. So one wrong character of base64url AND one wrong decimal digit are always found; a CRC
 * knows nothing of decimal digits, and lets about one wrong digit in 65536 pass. The largest prime below 2^16.
 */
const MODULUS = 65_521;
/** "HG": a remainder of our own, so that zeros or another format's check do not fit by accident. */
const REMAINDER = 0x4847;
export const CHECK_BYTES = 2;

/** The two bytes (0 to 65520) that have to follow `bytes`. */
export function checkValue(bytes: Bytes): number {
  let remainder = 0;
  for (const byte of bytes) remainder = (remainder * 256 + byte) % MODULUS;
  return modulo(REMAINDER - remainder * 256 ** CHECK_BYTES);
}

/** True where the last two bytes are the check value of the ones before, in every version of the format. */
export function hasValidCheck(ticket: Bytes): boolean {
  const end = ticket.length - CHECK_BYTES;
  if (end < 1) return false;
  return checkValue(ticket.subarray(0, end)) === (((ticket[end] ?? 0) << 8) | (ticket[end + 1] ?? 0));
}

/**
 * The remainder of the number that a text form writes for a ticket with a right check value.
 *
 * @param spareBits zero bits after the ticket's last byte (base64url)
 * @param leadingOneAt place of a 1 bit before the ticket's first byte, counted from its last bit (digits)
 */
export function remainderOfText(spareBits: number, leadingOneAt?: number): number {
  const lead = leadingOneAt === undefined ? 0 : power(2, leadingOneAt);
  return modulo((REMAINDER + lead) * 2 ** spareBits);
}

/** A symbol taken out of a text, put into it, or both: changed. */
export interface Edit {
  readonly place: number;
  /** How many symbols are taken out at `place`. */
  readonly removed: 0 | 1;
  /** The symbol that is put there instead. */
  readonly inserted: number | undefined;
}

/**
 * The single edits that give a text, read as a number, the remainder of a ticket. For each place there is one symbol
 * that does, and it is rarely as small as a symbol has to be: about one edit per 500 characters of base64url fits by
 * chance.
 *
 * @param symbols most significant first, each from 0 to `base - 1`
 * @param wanted the remainder of a ticket's text of this length, from `remainderOfText`
 */
export function* fittingEdits(
  symbols: readonly number[],
  base: 10 | 64,
  wanted: (length: number) => number,
): Generator<Edit> {
  const count = symbols.length;
  const inverse = power(base, MODULUS - 2); // Fermat
  const powers = [1];
  const inverses = [1];
  for (let i = 0; i <= count; i++) {
    powers.push(((powers[i] ?? 0) * base) % MODULUS);
    inverses.push(((inverses[i] ?? 0) * inverse) % MODULUS);
  }
  const tails = Array.from({ length: count + 1 }, () => 0); // remainders of the symbols from a place on
  for (let i = count - 1; i >= 0; i--) {
    tails[i] = ((symbols[i] ?? 0) * (powers[count - 1 - i] ?? 0) + (tails[i + 1] ?? 0)) % MODULUS;
  }
  let head = 0; // of the symbols before a place
  for (let place = 0; place <= count; place++) {
    for (const removed of place < count ? ([1, 0] as const) : ([0] as const)) {
      const following = count - place - removed;
      const tail = tails[place + removed] ?? 0;
      const without = head * (powers[following] ?? 0) + tail;
      if (removed === 1 && modulo(without - wanted(count - 1)) === 0) yield { place, removed, inserted: undefined };
      const missing = modulo(wanted(count - removed + 1) - head * (powers[following + 1] ?? 0) - tail);
      const inserted = (missing * (inverses[following] ?? 0)) % MODULUS;
      const isChange = removed === 0 || inserted !== symbols[place];
      if (inserted < base && isChange) yield { place, removed, inserted };
    }
    head = (head * base + (symbols[place] ?? 0)) % MODULUS;
  }
}

function power(base: number, exponent: number): number {
  let result = 1;
  let square = base % MODULUS;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = (result * square) % MODULUS;
    square = (square * square) % MODULUS;
  }
  return result;
}

/** Never negative. All products here are below 2^53. */
function modulo(value: number): number {
  return ((value % MODULUS) + MODULUS) % MODULUS;
}
