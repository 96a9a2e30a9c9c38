import { malformed } from '../byte-reader.ts';
import type { FrameCodec } from '../layout.ts';

/**
 * BYE: this peer closes the link on purpose. WIRE.md §4.11.
 *
 *   0      1
 *   | 0x46 | reason |
 */
export interface Bye {
  readonly name: 'bye';
  /** `ended`: a person ended it, and it stays so. `leaving`: the page goes away; it may come back and dial. */
  readonly reason: 'ended' | 'leaving';
}

const REASONS = ['ended', 'leaving'] as const;

export const bye: FrameCodec<Bye> = {
  name: 'bye',
  type: 0x46,
  write: (writer, { reason }) => writer.u8(REASONS.indexOf(reason)),
  read: (reader) => {
    const number = reader.u8();
    const reason = REASONS[number];
    if (reason === undefined) throw malformed(`BYE reason ${number}`);
    return { name: 'bye', reason };
  },
};
