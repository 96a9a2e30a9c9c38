import { fixedFrame } from '../layout.ts';

/**
 * LANE_ACK: how many data frames have arrived on a lane so far. WIRE.md §4.13.
 *
 *   0      1      3        11
 *   | 0x49 | lane | frames |
 */
export const laneAck = fixedFrame('laneAck', 0x49, { lane: 'u16', frames: 'u53' });
