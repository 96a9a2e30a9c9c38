import type { ErrorCode } from '../../errors.ts';
import { errorCodeOf, errorNumber } from '../error-codes.ts';
import type { FrameCodec } from '../layout.ts';
import { checkRange } from '../layout.ts';
import type { Role } from './cancel.ts';
import { ROLES } from './cancel.ts';

/**
 * HALT: the transfer cannot go on now, and the number is free of it. Nothing is deleted; it may be offered again.
 * WIRE.md §5.8.
 *
 *   0      1        3      4      5
 *   | 0x17 | number | role | code |     role of who sends this
 */
export interface Halt {
  readonly name: 'halt';
  readonly number: number;
  readonly role: Role;
  readonly code: ErrorCode;
}

export const halt: FrameCodec<Halt> = {
  name: 'halt',
  type: 0x17,
  write: (writer, frame) => {
    writer.u16(frame.number);
    writer.u8(ROLES.indexOf(frame.role));
    writer.u8(errorNumber(frame.code));
  },
  read: (reader) => {
    const number = reader.u16();
    const role = reader.u8();
    checkRange('role', role, 0, 1);
    return { name: 'halt', number, role: role === 0 ? 'sender' : 'receiver', code: errorCodeOf(reader.u8()) };
  },
};
