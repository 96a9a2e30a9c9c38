import type { Bytes } from '../bytes.ts';

/** RFC 4648 §4 in this order; ICE characters (RFC 8839 §5.4) are the same 64. */
const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Map(Array.from(STANDARD, (character, value) => [character, value] as const));

/** Packs characters of the standard alphabet at 6 bits each, most significant first, zero bits at the end. */
export function packSixBits(text: string): Bytes {
  const bytes = new Uint8Array(Math.ceil((text.length * 6) / 8));
  for (let i = 0; i < text.length; i++) {
    const value = VALUES.get(text[i] ?? '') ?? 0;
    const bit = i * 6;
    const at = bit >> 3;
    const wide = value << (10 - (bit & 7));
    bytes[at] = (bytes[at] ?? 0) | (wide >> 8);
    if (at + 1 < bytes.length) bytes[at + 1] = (bytes[at + 1] ?? 0) | (wide & 0xff);
  }
  return bytes;
}

/** The opposite. Gives undefined where a bit after the last character is set. */
export function unpackSixBits(bytes: Bytes, characterCount: number): string | undefined {
  const spareBits = bytes.length * 8 - characterCount * 6;
  const hasSpare = spareBits > 0 && ((bytes.at(-1) ?? 0) & (2 ** spareBits - 1)) !== 0;
  return hasSpare ? undefined : characters(bytes, characterCount);
}

/** RFC 4648 §5 without padding. */
export function toBase64Url(bytes: Bytes): string {
  return characters(bytes, Math.ceil((bytes.length * 8) / 6))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}

/**
 * Takes both alphabets, with or without padding. A text cut anywhere gives the whole bytes that are left.
 * @returns undefined for any other character
 */
export function fromBase64Url(text: string): Bytes | undefined {
  const standard = text
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replace(/={1,2}$/, '');
  if (!/^[A-Za-z0-9+/]*$/.test(standard)) return undefined;
  return packSixBits(standard).slice(0, Math.floor((standard.length * 6) / 8));
}

/** Bits after the end of `bytes` read as zero. */
function characters(bytes: Bytes, count: number): string {
  let text = '';
  for (let i = 0; i < count; i++) {
    const bit = i * 6;
    const wide = ((bytes[bit >> 3] ?? 0) << 8) | (bytes[(bit >> 3) + 1] ?? 0);
    text += STANDARD[(wide >> (10 - (bit & 7))) & 63] ?? '';
  }
  return text;
}
