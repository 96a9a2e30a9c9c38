import type { Bytes } from '../bytes.ts';
import type { ChunkRecord } from '../wire/frames/chunk.ts';
import { MAX_PARTIAL_BLOCKS, MAX_PIECES } from '../wire/limits.ts';
import { BLOCK_BYTES } from './blocks.ts';
import { limitExceeded, violation } from './context.ts';

/** A block all of whose payload is here. */
export interface AssembledBlock {
  readonly block: number;
  readonly bytes: Bytes;
  /** What the sender says its SHA-256 is. An array of its own. */
  readonly hash: Bytes;
}

/** What has come of a block in one stretch. */
interface Piece {
  start: number;
  end: number;
}

interface Partial {
  readonly buffer: Bytes;
  /** In order, with gaps between them. */
  readonly pieces: Piece[];
  filledBytes: number;
  hash: Bytes | undefined;
}

/** Buffers kept for the next block, rather than given to the garbage collector. */
const POOLED_BUFFERS = 8;

/**
 * Puts chunks together into blocks. On a link without lanes the chunks of a block come in order; with lanes in any, and
 * each byte once. Blocks may come side by side.
 */
export class BlockAssembly {
  readonly #partials = new Map<number, Partial>();
  readonly #pool: Bytes[] = [];

  /**
   * Copies the chunk into its block.
   * @param blockBytes the block's length
   * @param isInOrder the chunk has to be the block's next
   * @returns the block, once it is whole
   */
  add(record: ChunkRecord, blockBytes: number, isInOrder: boolean): AssembledBlock | undefined {
    const { block, offset, payload, hash } = record;
    const partial = this.#partials.get(block) ?? this.#begin(block, blockBytes);
    if (isInOrder && offset !== partial.filledBytes) {
      throw violation(`chunk of block ${block} at offset ${offset}, expected ${partial.filledBytes}`);
    }
    const end = offset + payload.length;
    if (end > blockBytes) throw violation(`chunk of block ${block} ends at ${end}, the block has ${blockBytes} bytes`);
    if (payload.length > 0) {
      addPiece(partial.pieces, offset, end, block);
      partial.buffer.set(payload, offset);
      partial.filledBytes += payload.length;
    }
    if (hash !== undefined) {
      if (end !== blockBytes) throw violation(`block ${block} ends at ${end} of ${blockBytes}`);
      if (partial.hash !== undefined) throw violation(`block ${block} ends twice`);
      partial.hash = hash.slice();
    }
    if (partial.hash === undefined || partial.filledBytes !== blockBytes) return undefined;
    this.#partials.delete(block);
    return { block, bytes: partial.buffer, hash: partial.hash };
  }

  /** The buffer of an assembled block is not needed any more. */
  recycle(bytes: Bytes): void {
    if (bytes.length === BLOCK_BYTES && this.#pool.length < POOLED_BUFFERS) this.#pool.push(bytes);
  }

  /** Forgets one block that is not whole. @returns its payload so far, bytes */
  drop(block: number): number {
    const partial = this.#partials.get(block);
    if (partial === undefined) return 0;
    this.#partials.delete(block);
    this.recycle(partial.buffer);
    return partial.filledBytes;
  }

  /** Forgets all blocks that are not whole. @returns their payload so far, bytes */
  clear(): number {
    let clearedBytes = 0;
    for (const { buffer, filledBytes } of this.#partials.values()) {
      clearedBytes += filledBytes;
      this.recycle(buffer);
    }
    this.#partials.clear();
    return clearedBytes;
  }

  #begin(block: number, blockBytes: number): Partial {
    if (this.#partials.size >= MAX_PARTIAL_BLOCKS) throw limitExceeded(`more than ${MAX_PARTIAL_BLOCKS} blocks begun`);
    const pooled = blockBytes === BLOCK_BYTES ? this.#pool.pop() : undefined;
    const partial = { buffer: pooled ?? new Uint8Array(blockBytes), pieces: [], filledBytes: 0, hash: undefined };
    this.#partials.set(block, partial);
    return partial;
  }
}

/** Adds a stretch that is not empty, joined with those that it touches. Throws where some of it has come already. */
function addPiece(pieces: Piece[], start: number, end: number, block: number): void {
  // Mostly it goes on where the last one ends.
  let at = pieces.length;
  while (at > 0 && (pieces[at - 1]?.start ?? 0) >= start) at--;
  const [before, after] = [pieces[at - 1], pieces[at]];
  if ((before !== undefined && before.end > start) || (after !== undefined && after.start < end)) {
    throw violation(`bytes ${start}..${end} of block ${block} come twice`);
  }
  const joinsAfter = after?.start === end;
  if (before?.end === start) {
    before.end = joinsAfter ? after.end : end;
    if (joinsAfter) pieces.splice(at, 1);
  } else if (joinsAfter) {
    after.start = start;
  } else {
    if (pieces.length >= MAX_PIECES) throw limitExceeded(`more than ${MAX_PIECES} pieces of block ${block}`);
    pieces.splice(at, 0, { start, end });
  }
}
