import type { Bytes } from '../bytes.ts';

/** RFC 4648 §4 in this order; ICE characters (RFC 8839 §5.4) are the same 64. */
const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** RFC 4648 §5. */
export const BASE64URL_ALPHABET = `${STANDARD.slice(0, 62)}-_`;
/** By character code; one table will do for both, they differ in different characters. */
const VALUES = new Uint8Array(128);
for (const alphabet of [STANDARD, BASE64URL_ALPHABET]) {
  for (let value = 0; value < 64; value++) VALUES[alphabet.charCodeAt(value)] = value;
}

/** Packs ice-chars at 6 bits each, most significant first, zero bits at the end. */
export function packSixBits(text: string): Bytes {
  return pack(text);
}

/** The opposite. Gives undefined where a bit after the last character is set. */
export function unpackSixBits(bytes: Bytes, characterCount: number): string | undefined {
  const spareBits = bytes.length * 8 - characterCount * 6;
  const hasSpare = spareBits > 0 && ((bytes.at(-1) ?? 0) & (2 ** spareBits - 1)) !== 0;
  return hasSpare ? undefined : unpack(bytes, characterCount, STANDARD);
}

/** RFC 4648 §5 without padding. */
export function toBase64Url(bytes: Bytes): string {
  return unpack(bytes, Math.ceil((bytes.length * 8) / 6), BASE64URL_ALPHABET);
}

/**
 * Strict, so that a changed character is always found: no other alphabet, no padding, spare bits zero.
 * @returns undefined for a text that `toBase64Url` does not write
 */
export function fromBase64Url(text: string): Bytes | undefined {
  const bytes = leadingBytes(text);
  return toBase64Url(bytes) === text ? bytes : undefined;
}

/** The whole bytes that a text begins with, wherever it was cut. Foreign characters read as zero. */
export function leadingBytes(text: string): Bytes {
  return pack(text).slice(0, Math.floor((text.length * 6) / 8));
}

function pack(text: string): Bytes {
  const bytes = new Uint8Array(Math.ceil((text.length * 6) / 8));
  for (let i = 0; i < text.length; i++) {
    const value = VALUES[text.charCodeAt(i)] ?? 0;
    const bit = i * 6;
    const at = bit >> 3;
    const wide = value << (10 - (bit & 7));
    bytes[at] = (bytes[at] ?? 0) | (wide >> 8);
    if (at + 1 < bytes.length) bytes[at + 1] = (bytes[at + 1] ?? 0) | (wide & 0xff);
  }
  return bytes;
}

/** Bits after the end of `bytes` read as zero. */
function unpack(bytes: Bytes, count: number, alphabet: string): string {
  let text = '';
  for (let i = 0; i < count; i++) {
    const bit = i * 6;
    const wide = ((bytes[bit >> 3] ?? 0) << 8) | (bytes[(bit >> 3) + 1] ?? 0);
    text += alphabet.charAt((wide >> (10 - (bit & 7))) & 63);
  }
  return text;
}
