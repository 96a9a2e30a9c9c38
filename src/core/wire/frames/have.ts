import type { Bytes } from '../../bytes.ts';
import { BLOCK_MAP_PAGE_BYTES } from '../../transfer/blocks.ts';
import type { FrameCodec } from '../layout.ts';
import { checkRange } from '../layout.ts';
import { MAX_HAVE_PAGES } from '../limits.ts';

/**
 * HAVE: blocks that the receiver has on disk, verified; comes before ACCEPT. WIRE.md §5.4.
 *
 *   0      1        3           7
 *   | 0x13 | number | firstPage | 1 to 64 pages of 128 bytes
 */
export interface Have {
  readonly name: 'have';
  readonly number: number;
  /** Page p is about blocks 1024 p to 1024 p + 1023. */
  readonly firstPage: number;
  /** Bit i, least significant first in each byte, is block 1024 * firstPage + i. Whole pages. An array of its own. */
  readonly blockMap: Bytes;
}

export const have: FrameCodec<Have> = {
  name: 'have',
  type: 0x13,
  write: (writer, frame) => {
    writer.u16(frame.number);
    writer.u32(frame.firstPage);
    writer.bytes(frame.blockMap);
  },
  read: (reader) => {
    const number = reader.u16();
    const firstPage = reader.u32();
    const pages = reader.remaining / BLOCK_MAP_PAGE_BYTES;
    checkRange('page count', Math.floor(pages), 1, MAX_HAVE_PAGES);
    // `end` refuses what is left of a page that is not whole.
    const blockMap = reader.bytes(Math.floor(pages) * BLOCK_MAP_PAGE_BYTES).slice();
    return { name: 'have', number, firstPage, blockMap };
  },
};
