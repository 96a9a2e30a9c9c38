import type { FrameCodec } from '../layout.ts';
import { checkRange } from '../layout.ts';
import type { Role } from './cancel.ts';
import { ROLES } from './cancel.ts';

/**
 * PAUSE: a person wants the transfer to wait, or to go on. Each side has its own say; blocks travel while neither wants
 * it to wait. WIRE.md §5.13.
 *
 *   0      1        3      4          5
 *   | 0x1c | number | role | isPaused |     role of who sends this; 0 go on, 1 wait
 */
export interface Pause {
  readonly name: 'pause';
  readonly number: number;
  readonly role: Role;
  readonly isPaused: boolean;
}

export const pause: FrameCodec<Pause> = {
  name: 'pause',
  type: 0x1c,
  write: (writer, frame) => {
    writer.u16(frame.number);
    writer.u8(ROLES.indexOf(frame.role));
    writer.u8(frame.isPaused ? 1 : 0);
  },
  read: (reader) => {
    const number = reader.u16();
    const role = reader.u8();
    checkRange('role', role, 0, 1);
    const isPaused = reader.u8();
    checkRange('isPaused', isPaused, 0, 1);
    return { name: 'pause', number, role: role === 0 ? 'sender' : 'receiver', isPaused: isPaused === 1 };
  },
};
