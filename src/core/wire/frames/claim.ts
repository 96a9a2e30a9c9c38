import type { Bytes } from '../../bytes.ts';
import type { FrameCodec } from '../layout.ts';
import { checkRange } from '../layout.ts';
import { MAX_CLAIMS_PER_FRAME } from '../limits.ts';

/**
 * CLAIM: the receiver's disk has something where these blocks belong, with these hashes. The sender confirms what is
 * right, and sends the rest. WIRE.md §5.15.
 *
 *   0      1        3       5
 *   | 0x1e | number | count | count claims
 *
 * Claim:
 *   0       4      36
 *   | block | hash |
 */
export interface Claim {
  readonly name: 'claim';
  readonly number: number;
  readonly claims: readonly ClaimedBlock[];
}

export interface ClaimedBlock {
  readonly block: number;
  /** SHA-256 of what the disk has. An array of its own. */
  readonly hash: Bytes;
}

export const claim: FrameCodec<Claim> = {
  name: 'claim',
  type: 0x1e,
  write: (writer, frame) => {
    writer.u16(frame.number);
    writer.u16(frame.claims.length);
    for (const { block, hash } of frame.claims) {
      writer.u32(block);
      writer.bytes(hash);
    }
  },
  read: (reader) => {
    const number = reader.u16();
    const count = reader.u16();
    checkRange('claim count', count, 1, MAX_CLAIMS_PER_FRAME);
    const claims: ClaimedBlock[] = [];
    for (let i = 0; i < count; i++) claims.push({ block: reader.u32(), hash: reader.bytes(32).slice() });
    return { name: 'claim', number, claims };
  },
};
