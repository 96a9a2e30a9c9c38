import type { Bytes } from '../core/bytes.ts';

/** Cryptographically strong randomness. */
export interface Random {
  /** @param count 0 to 65536 */
  bytes(count: number): Bytes;
}

/** SHA-256 (FIPS 180-4). The caller must not change `bytes` until the digest is there. */
export interface Hasher {
  sha256(bytes: Bytes): Promise<Bytes>;
}
