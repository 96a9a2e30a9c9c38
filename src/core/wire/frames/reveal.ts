import type { Bytes } from '../../bytes.ts';
import type { FrameCodec } from '../layout.ts';

/** This side read the other's code with its camera. */
const BY_SIGHT = 1;

/**
 * REVEAL: the nonce that was committed to; sent only after the other's COMMIT. WIRE.md §4.6, PAIRING.md §5.
 *
 *   0      1       33      34
 *   | 0x41 | nonce | flags |     flags bit 0: by sight; other bits are for newer versions
 */
export interface Reveal {
  readonly name: 'reveal';
  readonly nonce: Bytes;
  readonly isBySight: boolean;
}

export const reveal: FrameCodec<Reveal> = {
  name: 'reveal',
  type: 0x41,
  write: (writer, frame) => {
    writer.bytes(frame.nonce);
    writer.u8(frame.isBySight ? BY_SIGHT : 0);
  },
  read: (reader) => {
    const nonce = reader.bytes(32).slice();
    return { name: 'reveal', nonce, isBySight: (reader.u8() & BY_SIGHT) !== 0 };
  },
};
