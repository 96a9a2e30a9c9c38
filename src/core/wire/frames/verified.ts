import { fixedFrame } from '../layout.ts';

/**
 * VERIFIED: every byte was read back from the receiver's disk, and this is its root. The receipt; final. WIRE.md §5.12.
 *
 *   0      1        3      35
 *   | 0x1b | number | root |
 */
export const verified = fixedFrame('verified', 0x1b, { number: 'u16', root: 'hash' });
