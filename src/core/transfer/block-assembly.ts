import type { Bytes } from '../bytes.ts';
import type { ChunkRecord } from '../wire/frames/chunk.ts';
import { MAX_PARTIAL_BLOCKS } from '../wire/limits.ts';
import { BLOCK_BYTES } from './blocks.ts';
import { limitExceeded, violation } from './context.ts';

/** A block all of whose payload is here. */
export interface AssembledBlock {
  readonly block: number;
  readonly bytes: Bytes;
  /** What the sender says its SHA-256 is. An array of its own. */
  readonly hash: Bytes;
}

/** Buffers kept for the next block, rather than given to the garbage collector. */
const POOLED_BUFFERS = 8;

/** Puts chunks together into blocks. The chunks of a block come in order; blocks may come side by side. */
export class BlockAssembly {
  readonly #partials = new Map<number, { readonly buffer: Bytes; filledBytes: number }>();
  readonly #pool: Bytes[] = [];

  /**
   * Copies the chunk into its block.
   * @param blockBytes the block's length
   * @returns the block, once it is whole
   */
  add(record: ChunkRecord, blockBytes: number): AssembledBlock | undefined {
    const { block, offset, payload, hash } = record;
    const partial = this.#partials.get(block) ?? this.#begin(block, blockBytes);
    if (offset !== partial.filledBytes) {
      throw violation(`chunk of block ${block} at offset ${offset}, expected ${partial.filledBytes}`);
    }
    if (offset + payload.length > blockBytes) {
      throw violation(`chunk of block ${block} ends at ${offset + payload.length}, the block has ${blockBytes} bytes`);
    }
    partial.buffer.set(payload, offset);
    partial.filledBytes += payload.length;
    if (hash === undefined) return undefined;
    if (partial.filledBytes !== blockBytes)
      throw violation(`block ${block} ends at ${partial.filledBytes} of ${blockBytes}`);
    this.#partials.delete(block);
    return { block, bytes: partial.buffer, hash: hash.slice() };
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

  #begin(block: number, blockBytes: number): { readonly buffer: Bytes; filledBytes: number } {
    if (this.#partials.size >= MAX_PARTIAL_BLOCKS) throw limitExceeded(`more than ${MAX_PARTIAL_BLOCKS} blocks begun`);
    const pooled = blockBytes === BLOCK_BYTES ? this.#pool.pop() : undefined;
    const partial = { buffer: pooled ?? new Uint8Array(blockBytes), filledBytes: 0 };
    this.#partials.set(block, partial);
    return partial;
  }
}
