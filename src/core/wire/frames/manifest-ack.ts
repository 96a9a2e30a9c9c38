import { fixedFrame } from '../layout.ts';

/**
 * MANIFEST_ACK: the receiver keeps the first `filesKnown` files' entries; their blocks may be sent. WIRE.md §5.3.
 *
 *   0      1        3            7
 *   | 0x12 | number | filesKnown |
 */
export const manifestAck = fixedFrame('manifestAck', 0x12, {
  number: 'u16',
  /** Files from the first, absolute, never smaller than before on a link. */
  filesKnown: 'u32',
});
