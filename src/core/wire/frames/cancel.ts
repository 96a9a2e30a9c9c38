import type { FrameCodec } from '../layout.ts';
import { checkRange } from '../layout.ts';

/** Which side of the transfer sent this frame: the number belongs to its sender's count. */
export type Role = 'sender' | 'receiver';

export const ROLES = ['sender', 'receiver'] as const satisfies readonly Role[];

/**
 * CANCEL: a person ended the transfer. Final; the receiver deletes what it has. WIRE.md §5.7.
 *
 *   0      1        3      4
 *   | 0x16 | number | role |     role of who sends this: 0 sender, 1 receiver
 */
export interface Cancel {
  readonly name: 'cancel';
  readonly number: number;
  readonly role: Role;
}

export const cancel: FrameCodec<Cancel> = {
  name: 'cancel',
  type: 0x16,
  write: (writer, frame) => {
    writer.u16(frame.number);
    writer.u8(ROLES.indexOf(frame.role));
  },
  read: (reader) => {
    const number = reader.u16();
    const role = reader.u8();
    checkRange('role', role, 0, 1);
    return { name: 'cancel', number, role: role === 0 ? 'sender' : 'receiver' };
  },
};
