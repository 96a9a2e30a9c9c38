import type { ErrorCode } from '../../errors.ts';
import { errorCodeOf, errorNumber } from '../error-codes.ts';
import type { FrameCodec } from '../layout.ts';

/** On the wire: the person said no. All other values are error codes, plus one. */
const BY_PERSON = 0;

/**
 * DECLINE: the receiver does not want this transfer. Final. WIRE.md §5.6.
 *
 *   0      1        3        4
 *   | 0x15 | number | reason |     0: the person said no; else 1 + error code
 */
export interface Decline {
  readonly name: 'decline';
  readonly number: number;
  /** Why, where it was not the person. */
  readonly code: ErrorCode | undefined;
}

export const decline: FrameCodec<Decline> = {
  name: 'decline',
  type: 0x15,
  write: (writer, frame) => {
    writer.u16(frame.number);
    writer.u8(frame.code === undefined ? BY_PERSON : 1 + errorNumber(frame.code));
  },
  read: (reader) => {
    const number = reader.u16();
    const reason = reader.u8();
    return { name: 'decline', number, code: reason === BY_PERSON ? undefined : errorCodeOf(reason - 1) };
  },
};
