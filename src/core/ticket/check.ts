import type { Bytes } from '../bytes.ts';

/** CRC-16 with polynomial 0x1021, most significant bit first, no final xor. TICKET.md §3. */
const POLYNOMIAL = 0x1021;
/** "HG": a start value of our own, so that another format's CRC-16 does not fit by accident. */
const START = 0x4847;
export const CHECK_BYTES = 2;

/** The check value over `bytes`, 0 to 65535. */
export function checkValue(bytes: Bytes, start: number = START): number {
  let crc = start;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ POLYNOMIAL) & 0xffff : crc << 1;
  }
  return crc;
}

/** True where the last two bytes are the check value of the ones before, in every version of the format. */
export function hasValidCheck(ticket: Bytes): boolean {
  return ticket.length > CHECK_BYTES && residue(ticket) === 0;
}

/**
 * True where changing one base64url character (6 aligned bits) would make the check value right. A CRC is linear:
 * the residue of a text with one wrong character is the residue of that character's difference alone.
 */
export function isOneCharacterAway(ticket: Bytes): boolean {
  const wanted = residue(ticket);
  const bitCount = ticket.length * 8;
  // Residues of single bits, from the last bit of the ticket to the first.
  const ofBit = new Uint16Array(bitCount);
  let value = 1;
  for (let bit = bitCount - 1; bit >= 0; bit--) {
    ofBit[bit] = value;
    value = value & 0x8000 ? ((value << 1) ^ POLYNOMIAL) & 0xffff : value << 1;
  }
  for (let first = 0; first < bitCount; first += 6) {
    for (let difference = 1; difference < 64; difference++) {
      let sum = 0;
      for (let i = 0; i < 6; i++) if (difference & (0x20 >> i)) sum ^= ofBit[first + i] ?? 0;
      if (sum === wanted) return true;
    }
  }
  return false;
}

/** 0 for an intact ticket. */
function residue(ticket: Bytes): number {
  const end = ticket.length - CHECK_BYTES;
  const stored = ((ticket[end] ?? 0) << 8) | (ticket[end + 1] ?? 0);
  return checkValue(ticket.subarray(0, end)) ^ stored;
}
