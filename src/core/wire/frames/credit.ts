import { fixedFrame } from '../layout.ts';

/**
 * CREDIT: how much chunk payload the other side may send on this link, counted from the link's first byte. WIRE.md §4.4.
 *
 *   0      1            9
 *   | 0x05 | limitBytes |
 */
export const credit = fixedFrame('credit', 0x05, {
  /** Absolute and never smaller than before, so a frame can be lost in a machine without drift. */
  limitBytes: 'u53',
});
