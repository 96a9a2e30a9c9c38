import { fixedFrame } from '../layout.ts';

/**
 * ACCEPT: send the blocks that no HAVE named, as far as CREDIT and MANIFEST_ACK allow. WIRE.md §5.5.
 *
 *   0      1        3
 *   | 0x14 | number |
 */
export const accept = fixedFrame('accept', 0x14, { number: 'u16' });
