import type { ErrorCode } from '../../errors.ts';
import { errorCodeOf, errorNumber } from '../error-codes.ts';
import type { FrameCodec } from '../layout.ts';
import { checkRange } from '../layout.ts';
import { MAX_ERROR_MESSAGE_BYTES } from '../limits.ts';
import { decodeUtf8, encodeUtf8 } from '../utf8.ts';

/**
 * ERROR: the link is of no use any more; its sender closes the channels next. WIRE.md §4.2.
 *
 *   0      1      2        4
 *   | 0x02 | code | length | message, UTF-8
 */
export interface ErrorFrame {
  readonly name: 'error';
  readonly code: ErrorCode;
  /** For developers. Never shown as markup. */
  readonly message: string;
}

export const error: FrameCodec<ErrorFrame> = {
  name: 'error',
  type: 0x02,
  write: (writer, frame) => {
    let text = frame.message;
    while (encodeUtf8(text).length > MAX_ERROR_MESSAGE_BYTES) text = text.slice(0, Math.floor(text.length * 0.75));
    const message = encodeUtf8(text);
    writer.u8(errorNumber(frame.code));
    writer.u16(message.length);
    writer.bytes(message);
  },
  read: (reader) => {
    const code = errorCodeOf(reader.u8());
    const length = reader.u16();
    checkRange('message length', length, 0, MAX_ERROR_MESSAGE_BYTES);
    // A damaged text is no reason to lose the code.
    const message = decodeUtf8(reader.bytes(length)) ?? '';
    return { name: 'error', code, message };
  },
};
