import type { FrameCodec } from '../layout.ts';
import { checkRange } from '../layout.ts';
import { MAX_CLAIMS_PER_FRAME } from '../limits.ts';

/**
 * CONFIRM: these claimed blocks are right, and do not travel. WIRE.md §5.16.
 *
 *   0      1        3       5
 *   | 0x1f | number | count | count blocks, u32 each
 */
export interface Confirm {
  readonly name: 'confirm';
  readonly number: number;
  readonly blocks: readonly number[];
}

export const confirm: FrameCodec<Confirm> = {
  name: 'confirm',
  type: 0x1f,
  write: (writer, frame) => {
    writer.u16(frame.number);
    writer.u16(frame.blocks.length);
    for (const block of frame.blocks) writer.u32(block);
  },
  read: (reader) => {
    const number = reader.u16();
    const count = reader.u16();
    checkRange('block count', count, 1, MAX_CLAIMS_PER_FRAME);
    const blocks: number[] = [];
    for (let i = 0; i < count; i++) blocks.push(reader.u32());
    return { name: 'confirm', number, blocks };
  },
};
