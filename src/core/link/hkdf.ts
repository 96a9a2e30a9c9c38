import { concatBytes, type Bytes } from '../bytes.ts';
import { Sha256 } from '../sha256.ts';

const BLOCK_BYTES = 64;
const HASH_BYTES = 32;

/** HMAC-SHA-256 (RFC 2104). 32 bytes. */
export function hmac(key: Bytes, message: Bytes): Bytes {
  const short = key.length > BLOCK_BYTES ? new Sha256().update(key).digest() : key;
  const inner = new Uint8Array(BLOCK_BYTES).fill(0x36);
  const outer = new Uint8Array(BLOCK_BYTES).fill(0x5c);
  for (const [i, byte] of short.entries()) {
    inner[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5c;
  }
  return new Sha256().update(outer).update(new Sha256().update(inner).update(message).digest()).digest();
}

/**
 * HKDF with SHA-256 (RFC 5869).
 *
 * @param info what the output is for: a label, and what else it is bound to
 * @param lengthBytes 1 to 8160
 */
export function hkdf(
  input: { readonly salt: Bytes; readonly secret: Bytes; readonly info: Bytes },
  lengthBytes: number,
): Bytes {
  const pseudorandomKey = hmac(input.salt, input.secret);
  const output = new Uint8Array(lengthBytes);
  let block: Bytes = new Uint8Array(0);
  for (let at = 0, count = 1; at < lengthBytes; at += HASH_BYTES, count++) {
    block = hmac(pseudorandomKey, concatBytes(block, input.info, Uint8Array.of(count)));
    output.set(block.subarray(0, Math.min(HASH_BYTES, lengthBytes - at)), at);
  }
  return output;
}
