import type { FrameCodec } from '../layout.ts';
import { checkRange, readFields, writeFields } from '../layout.ts';
import { MAX_KNOWN_TOKENS } from '../limits.ts';

/**
 * KNOWN: "I know these devices", in tokens that only those can read. WIRE.md §4.9.
 *
 *   0      1       2
 *   | 0x45 | count | count tokens |
 *            u8      id each
 */
export interface Known {
  readonly name: 'known';
  /** 32 hex digits each. */
  readonly tokens: readonly string[];
}

export const known: FrameCodec<Known> = {
  name: 'known',
  type: 0x45,
  write: (writer, { tokens }) => {
    writer.u8(tokens.length);
    for (const token of tokens) writeFields(writer, { token: 'id' }, { token });
  },
  read: (reader) => {
    const count = reader.u8();
    checkRange('token count', count, 0, MAX_KNOWN_TOKENS);
    return { name: 'known', tokens: Array.from({ length: count }, () => readFields(reader, { token: 'id' }).token) };
  },
};
