import { fixedFrame } from '../layout.ts';

/**
 * PROGRESS: what the receiver has of the transfer, for the sender's screen only. WIRE.md §5.10.
 *
 *   0      1        3               11
 *   | 0x19 | number | receivedBytes |
 */
export const progress = fixedFrame('progress', 0x19, {
  number: 'u16',
  /** Payload, on disk or on its way there, 0 to the transfer's totalBytes. */
  receivedBytes: 'u53',
});
