import { TransferError } from '../../errors.ts';
import { malformed } from '../byte-reader.ts';
import type { FieldValues, FrameCodec } from '../layout.ts';
import { readFields, writeFields } from '../layout.ts';
import { MIN_FRAME_BYTES } from '../limits.ts';

/** "HLIO": whoever opens these channels by mistake is told apart from an old peer. */
const MAGIC = 0x48_4c_49_4f;

/**
 * HELLO, the first frame of each side on the control channel. WIRE.md §4.1. This layout is the same in all versions;
 * bytes after it are for newer versions and are ignored.
 *
 *   0      1       5            7            9              13              17      33
 *   | 0x01 | magic | minVersion | maxVersion | capabilities | maxFrameBytes | nonce |
 */
const fields = {
  magic: 'u32',
  /** Oldest and newest protocol version that the sender of this frame speaks. */
  minVersion: 'u16',
  maxVersion: 'u16',
  /** One bit per optional feature; none is defined yet. Unknown bits are ignored. */
  capabilities: 'u32',
  /** The longest frame that the sender of this frame accepts, bytes. */
  maxFrameBytes: 'u32',
  /** Random; salts the RESUME tokens of this link. */
  nonce: 'id',
} as const;

export type Hello = { readonly name: 'hello' } & Omit<FieldValues<typeof fields>, 'magic'>;

export const hello: FrameCodec<Hello> = {
  name: 'hello',
  type: 0x01,
  write: (writer, frame) => writeFields(writer, fields, { ...frame, magic: MAGIC }),
  read: (reader) => {
    const { magic, ...frame } = readFields(reader, fields);
    if (magic !== MAGIC) throw malformed(`magic is ${magic.toString(16)}`);
    if (frame.minVersion > frame.maxVersion) throw malformed(`versions ${frame.minVersion}..${frame.maxVersion}`);
    if (frame.maxFrameBytes < MIN_FRAME_BYTES) {
      throw new TransferError('protocol-violation', 'remote', `maxFrameBytes ${frame.maxFrameBytes} below the minimum`);
    }
    reader.bytes(reader.remaining);
    return { name: 'hello', ...frame };
  },
};
