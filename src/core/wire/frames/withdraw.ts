import { fixedFrame } from '../layout.ts';

/**
 * WITHDRAW: this file changed, or cannot be read any more; it does not travel with this transfer, the others do.
 * WIRE.md §5.14.
 *
 *   0      1        3           7
 *   | 0x1d | number | fileIndex |
 */
export const withdraw = fixedFrame('withdraw', 0x1d, { number: 'u16', fileIndex: 'u32' });
