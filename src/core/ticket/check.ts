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
 * The tickets with a right check value that differ from this one in a single base64url character (6 aligned bits).
 * A CRC is linear: the residue of a text with one wrong character is the residue of that character's difference alone.
 * About one in eight damaged texts of 130 characters has such a neighbour by chance.
 */
export function* oneCharacterAway(ticket: Bytes): Generator<Bytes> {
  const wanted = residue(ticket);
  const bitCount = ticket.length * 8;
  const ofBit = bitResidues(bitCount);
  for (let first = 0; first < bitCount; first += 6) {
    for (let difference = 1; difference < 64; difference++) {
      let sum = 0;
      for (let i = 0; i < 6; i++) if (difference & (0x20 >> i)) sum ^= ofBit[first + i] ?? 0;
      if (sum === wanted) yield changed(ticket, first, difference);
    }
  }
}

/** Residues of single wrong bits, by their place. */
function bitResidues(bitCount: number): Uint16Array {
  const residues = new Uint16Array(bitCount);
  let value = 1;
  for (let bit = bitCount - 1; bit >= 0; bit--) {
    residues[bit] = value;
    value = value & 0x8000 ? ((value << 1) ^ POLYNOMIAL) & 0xffff : value << 1;
  }
  return residues;
}

function changed(ticket: Bytes, firstBit: number, difference: number): Bytes {
  const copy = ticket.slice();
  const wide = difference << (10 - (firstBit & 7));
  const at = firstBit >> 3;
  copy[at] = (copy[at] ?? 0) ^ (wide >> 8);
  if (at + 1 < copy.length) copy[at + 1] = (copy[at + 1] ?? 0) ^ (wide & 0xff);
  return copy;
}

/** 0 for an intact ticket. */
function residue(ticket: Bytes): number {
  const end = ticket.length - CHECK_BYTES;
  const stored = ((ticket[end] ?? 0) << 8) | (ticket[end + 1] ?? 0);
  return checkValue(ticket.subarray(0, end)) ^ stored;
}
