import { fixedFrame } from '../layout.ts';

/**
 * KEY: this peer's part of the secret that the two have in common from now on. WIRE.md §4.7, docs/security.md.
 *
 *   0      1       33
 *   | 0x42 | nonce | flags |     flags bit 0: this peer can dial; other bits are for newer versions
 */
export const key = fixedFrame('key', 0x42, {
  /** Random. */
  nonce: 'hash',
  flags: 'u8',
});

/** KEY flag: this peer's browser takes rewritten ICE credentials, so it can dial the other's standbys. */
export const CAN_DIAL = 1;
