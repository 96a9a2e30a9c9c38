import { fixedFrame } from '../layout.ts';

/**
 * COMMIT: binds this side to the nonce of its REVEAL, and to its own code. WIRE.md §4.6, PAIRING.md §5.
 *
 *   0      1            33
 *   | 0x40 | commitment |
 */
export const commit = fixedFrame('commit', 0x40, { commitment: 'hash' });
