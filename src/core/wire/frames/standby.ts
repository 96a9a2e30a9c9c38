import type { Bytes } from '../../bytes.ts';
import { malformed } from '../byte-reader.ts';
import type { FrameCodec } from '../layout.ts';
import { checkRange, readFields, writeFields } from '../layout.ts';
import { MAX_STANDBYS, MAX_TICKET_FIELD_BYTES } from '../limits.ts';

/**
 * STANDBY: all connections of this peer that wait to be dialed. Replaces what the last one said. WIRE.md §4.8.
 *
 *   0      1       2
 *   | 0x43 | count | count standbys
 *
 * Standby:
 *   0    16       18
 *   | id | length | ticket |
 */
export interface StandbyList {
  readonly name: 'standby';
  readonly standbys: readonly AnnouncedStandby[];
}

export interface AnnouncedStandby {
  /** Random; 32 hex digits. Its ICE credentials come from this and the shared secret. */
  readonly id: string;
  /** Encoded (TICKET.md), open. An array of its own. */
  readonly ticket: Bytes;
}

const fields = { id: 'id', length: 'u16' } as const;

export const standby: FrameCodec<StandbyList> = {
  name: 'standby',
  type: 0x43,
  write: (writer, { standbys }) => {
    writer.u8(standbys.length);
    for (const { id, ticket } of standbys) {
      writeFields(writer, fields, { id, length: ticket.length });
      writer.bytes(ticket);
    }
  },
  read: (reader) => {
    const count = reader.u8();
    checkRange('standby count', count, 0, MAX_STANDBYS);
    const standbys: AnnouncedStandby[] = [];
    for (let i = 0; i < count; i++) {
      const { id, length } = readFields(reader, fields);
      if (standbys.some((other) => other.id === id)) throw malformed('the same standby twice');
      checkRange('ticket length', length, 1, MAX_TICKET_FIELD_BYTES);
      standbys.push({ id, ticket: reader.bytes(length).slice() });
    }
    return { name: 'standby', standbys };
  },
};
