import type { Bytes } from '../bytes.ts';
import { CHUNK_HEADER_BYTES, writeChunkRecord } from '../wire/frames/chunk.ts';
import { HASH_BYTES } from './blocks.ts';
import type { LoadedBlock } from './read-ahead.ts';

/** A record with less payload than this, of a block that has more, is not worth its header: the frame counts as full. */
const MIN_SPLIT_BYTES = 1024;

/** What was added to a frame. */
export interface AddedRecord {
  /** Of the block. */
  readonly offset: number;
  readonly payloadBytes: number;
  /** The hash went with it. */
  readonly isLast: boolean;
  /** It was sent once, and lost with its lane: its credit was used then. */
  readonly isPaid: boolean;
}

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
   * Adds as much of the block's first part as frame and credit allow, and takes it off the block.
   * The hash goes with the block's last payload where it is known and has room, and otherwise follows alone.
   * @returns undefined when nothing could be added
   */
  add(number: number, loaded: LoadedBlock): AddedRecord | undefined {
    const { bytes, hash, block, parts } = loaded;
    const [part] = parts;
    const { start, end, isPaid } = part ?? { start: loaded.length, end: loaded.length, isPaid: true };
    const roomBytes = this.#maxBytes - this.#length - CHUNK_HEADER_BYTES;
    const creditBytes = isPaid ? Number.POSITIVE_INFINITY : this.#creditBytes;
    const payloadBytes = Math.max(0, Math.min(end - start, roomBytes, creditBytes));
    const isRest = payloadBytes === end - start;
    const endsBlock = isRest && end === loaded.length && loaded.isHashDue;
    const isLast = endsBlock && hash !== undefined && roomBytes - payloadBytes >= HASH_BYTES;
    const isWorthIt = isLast || (payloadBytes > 0 && (isRest || payloadBytes >= MIN_SPLIT_BYTES));
    if (bytes === undefined || !isWorthIt) return undefined;
    this.#length = writeChunkRecord(this.#frame, this.#view, this.#length, {
      number,
      block,
      offset: start,
      payload: bytes.subarray(start, start + payloadBytes),
      hash: isLast ? hash : undefined,
    });
    if (!isPaid) this.#creditBytes -= payloadBytes;
    if (part !== undefined) {
      part.start += payloadBytes;
      if (isRest) parts.shift();
    }
    if (isLast) loaded.isHashDue = false;
    loaded.isBegun = true;
    return { offset: start, payloadBytes, isLast, isPaid };
  }
}
