import { fixedFrame } from '../layout.ts';

/**
 * PING asks for a PONG with the same token at once. WIRE.md §4.3.
 *
 *   0      1       5
 *   | 0x03 | token |
 */
export const ping = fixedFrame('ping', 0x03, {
  /** Whatever the asker likes. */
  token: 'u32',
});

/** PONG answers a PING. WIRE.md §4.3. Laid out like it, type 0x04. */
export const pong = fixedFrame('pong', 0x04, { token: 'u32' });
