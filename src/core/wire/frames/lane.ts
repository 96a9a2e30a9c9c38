import type { Bytes } from '../../bytes.ts';
import type { FrameCodec } from '../layout.ts';
import { checkRange } from '../layout.ts';
import { MAX_TICKET_FIELD_BYTES } from '../limits.ts';

/**
 * LANE: a peer's description of its end of one more connection of the link. WIRE.md §4.12.
 *
 *   0      1      3        5
 *   | 0x48 | lane | length | ticket |
 */
export interface LaneFrame {
  readonly name: 'lane';
  /** 1 to 65535. */
  readonly lane: number;
  /** An open ticket (TICKET.md), not decoded: the pages do that. An array of its own. */
  readonly ticket: Bytes;
}

export const lane: FrameCodec<LaneFrame> = {
  name: 'lane',
  type: 0x48,
  write: (writer, frame) => {
    writer.u16(frame.lane);
    writer.u16(frame.ticket.length);
    writer.bytes(frame.ticket);
  },
  read: (reader) => {
    const number = reader.u16();
    checkRange('lane', number, 1, 0xffff);
    const length = reader.u16();
    checkRange('ticket length', length, 1, MAX_TICKET_FIELD_BYTES);
    return { name: 'lane', lane: number, ticket: reader.bytes(length).slice() };
  },
};
