import { fixedFrame } from '../layout.ts';

/**
 * ROOT: every block was sent, and this is the transfer's root as the sender has it. WIRE.md §5.11.
 *
 *   0      1        3      35
 *   | 0x1a | number | root |
 */
export const root = fixedFrame('root', 0x1a, { number: 'u16', root: 'hash' });
