import { toHex } from '../../bytes.ts';
import type { FrameCodec } from '../layout.ts';
import { writeFields } from '../layout.ts';
import { checkRange } from '../layout.ts';
import { MAX_RESUME_TOKENS } from '../limits.ts';

/**
 * RESUME: "as a receiver I know the transfers with these tokens; offer again what is unfinished". WIRE.md §4.5.
 *
 *   0      1       3
 *   | 0x06 | count | count tokens of 16 bytes
 */
export interface Resume {
  readonly name: 'resume';
  /** 32 lower-case hex digits each; see `resumeToken`. */
  readonly tokens: readonly string[];
}

export const resume: FrameCodec<Resume> = {
  name: 'resume',
  type: 0x06,
  write: (writer, frame) => {
    writer.u16(frame.tokens.length);
    for (const token of frame.tokens) writeFields(writer, { token: 'id' }, { token });
  },
  read: (reader) => {
    const count = reader.u16();
    checkRange('token count', count, 1, MAX_RESUME_TOKENS);
    const tokens: string[] = [];
    for (let i = 0; i < count; i++) tokens.push(toHex(reader.bytes(16)));
    return { name: 'resume', tokens };
  },
};
