import type { FieldValues, FrameCodec } from '../layout.ts';
import { checkRange, readFields, writeFields } from '../layout.ts';

/**
 * LANE_END: nothing more is taken from a lane, and so many data frames have arrived on it in all. WIRE.md §4.14.
 *
 *   0      1      3        11
 *   | 0x4a | lane | frames |
 */
const fields = { lane: 'u16', frames: 'u53' } as const;

export type LaneEnd = { readonly name: 'laneEnd' } & FieldValues<typeof fields>;

export const laneEnd: FrameCodec<LaneEnd> = {
  name: 'laneEnd',
  type: 0x4a,
  write: (writer, frame) => writeFields(writer, fields, frame),
  read: (reader) => {
    const frame = readFields(reader, fields);
    // The first lane ends with the link.
    checkRange('lane', frame.lane, 1, 0xffff);
    return { name: 'laneEnd', ...frame };
  },
};
