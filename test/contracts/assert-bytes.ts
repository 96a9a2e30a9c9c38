import type { Bytes } from '../../src/core/bytes.ts';

/** Every byte, unlike a comparison of printed values, and the first difference in the message. */
export function assertBytes(got: Bytes | undefined, wanted: Bytes, what: string): void {
  if (got === undefined) throw new Error(`${what}: wanted ${wanted.length} bytes, got undefined`);
  if (got.length !== wanted.length) throw new Error(`${what}: wanted ${wanted.length} bytes, got ${got.length}`);
  const place = got.findIndex((byte, index) => byte !== wanted[index]);
  if (place >= 0) throw new Error(`${what}: byte ${place}: wanted ${wanted[place]}, got ${got[place]}`);
}

/** Bytes that differ from place to place and from seed to seed, so that a shifted or swapped piece shows. */
export function patternBytes(length: number, seed = 1): Bytes {
  const bytes = new Uint8Array(length);
  let state = Math.imul(seed, 2_654_435_761) >>> 0;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}
