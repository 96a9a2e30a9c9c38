import { createHash } from 'node:crypto';
import type { Bytes } from '../../src/core/bytes.ts';
import type { Hasher } from '../../src/ports/crypto.ts';

/** SHA-256 by Node, without a thread hop: tests stay deterministic. */
export const nodeHasher: Hasher = { sha256: async (bytes) => hashOf(bytes) };

export function hashOf(...pieces: readonly Bytes[]): Bytes {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return new Uint8Array(hash.digest());
}

/** Words of 4 bytes from one that counts to the next. */
const STRIDE_WORDS = 16;

/**
 * Thirty-two bytes from every 16th word, the middle byte and the last ones: far faster than SHA-256, and with no strength
 * at all. For simulations of hundreds of transfers, where machines only compare what they are given.
 */
export const fastHasher: Hasher = {
  sha256: async (bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let mixed = Math.imul(bytes.length ^ (bytes[bytes.length >> 1] ?? 0), 0x0100_0193);
    for (let at = 0; at + 4 <= bytes.length; at += 4 * STRIDE_WORDS) {
      mixed = Math.imul(mixed ^ view.getInt32(at), 0x0100_0193) ^ (mixed >>> 15);
    }
    for (const byte of bytes.subarray(-3)) mixed = Math.imul(mixed ^ byte, 0x0100_0193);
    const digest = new Uint8Array(32);
    const digestView = new DataView(digest.buffer);
    for (let i = 0; i < 8; i++) digestView.setInt32(4 * i, Math.imul(mixed ^ i, 0x9e37_79b1));
    return digest;
  },
};
