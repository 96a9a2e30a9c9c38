import type { Bytes } from '../../bytes.ts';
import type { FrameCodec } from '../layout.ts';
import { checkRange } from '../layout.ts';
import { MAX_TICKET_FIELD_BYTES } from '../limits.ts';

/**
 * RESTART: an ICE restart of this link's connection: this peer's new credentials and candidates. WIRE.md §4.10.
 *
 *   0      1       3        5
 *   | 0x44 | round | length | ticket |
 */
export interface Restart {
  readonly name: 'restart';
  /** 1 for the first restart of a link, then one more for each. */
  readonly round: number;
  /** Encoded (TICKET.md), open; the fingerprint is that of the link. An array of its own. */
  readonly ticket: Bytes;
}

export const restart: FrameCodec<Restart> = {
  name: 'restart',
  type: 0x44,
  write: (writer, { round, ticket }) => {
    writer.u16(round);
    writer.u16(ticket.length);
    writer.bytes(ticket);
  },
  read: (reader) => {
    const round = reader.u16();
    checkRange('restart round', round, 1, 0xffff);
    const length = reader.u16();
    checkRange('ticket length', length, 1, MAX_TICKET_FIELD_BYTES);
    return { name: 'restart', round, ticket: reader.bytes(length).slice() };
  },
};
