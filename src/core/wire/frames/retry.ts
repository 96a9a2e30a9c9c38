import { fixedFrame } from '../layout.ts';

/**
 * RETRY: what is on the receiver's disk does not match the block's hash; send it again, all of it. WIRE.md §5.9.
 *
 *   0      1        3       7
 *   | 0x18 | number | block |
 */
export const retry = fixedFrame('retry', 0x18, { number: 'u16', block: 'u32' });
