import type { Bytes } from '../bytes.ts';
import { CHUNK_HEADER_BYTES, writeChunkRecord } from '../wire/frames/chunk.ts';
import { HASH_BYTES } from './blocks.ts';
import type { LoadedBlock } from './read-ahead.ts';

/** A record with less payload than this, of a block that has more, is not worth its header: the frame counts as full. */
const MIN_SPLIT_BYTES = 1024;

/** Fills one data frame with chunk records, in a buffer that is used again for the next. */
export class ChunkFiller {
  readonly #frame: Bytes;
  readonly #view: DataView;
  readonly #maxBytes: number;
  #length = 0;
  #creditBytes: number;

  /** @param frame at least `maxBytes` long; overwritten from its start */
  constructor(frame: Bytes, maxBytes: number, creditBytes: number) {
    this.#frame = frame;
    this.#view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
    this.#maxBytes = Math.min(maxBytes, frame.length);
    this.#creditBytes = creditBytes;
  }

  /** Bytes of the frame so far; 0 is no frame at all. */
  get length(): number {
    return this.#length;
  }

  /**
   * Adds as much of a block as frame and credit allow, and counts it in `sentBytes`.
   * The hash goes with the last payload where it is known and has room, and otherwise follows alone.
   * @returns what became of it: `done` when payload and hash are in; `nothing` when nothing could be added
   */
  add(
    number: number,
    loaded: LoadedBlock,
  ): { readonly payloadBytes: number; readonly result: 'done' | 'more' | 'nothing' } {
    const { bytes, hash, block, sentBytes } = loaded;
    const roomBytes = this.#maxBytes - this.#length - CHUNK_HEADER_BYTES;
    const remainingBytes = loaded.length - sentBytes;
    const payloadBytes = Math.max(0, Math.min(remainingBytes, roomBytes, this.#creditBytes));
    const isRest = payloadBytes === remainingBytes;
    const hasHash = isRest && hash !== undefined && roomBytes - payloadBytes >= HASH_BYTES;
    const isWorthIt = hasHash || (payloadBytes > 0 && (isRest || payloadBytes >= MIN_SPLIT_BYTES));
    if (bytes === undefined || !isWorthIt) return { payloadBytes: 0, result: 'nothing' };
    this.#length = writeChunkRecord(this.#frame, this.#view, this.#length, {
      number,
      block,
      offset: sentBytes,
      payload: bytes.subarray(sentBytes, sentBytes + payloadBytes),
      hash: hasHash ? hash : undefined,
    });
    this.#creditBytes -= payloadBytes;
    loaded.sentBytes += payloadBytes;
    return { payloadBytes, result: hasHash ? 'done' : 'more' };
  }
}
