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
