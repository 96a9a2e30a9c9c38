import type { Bytes } from '../bytes.ts';
import { BLOCK_BYTES } from './blocks.ts';
import type { FileTable } from './file-table.ts';
import type { IoOutput, Output } from './machine.ts';
import type { TransferOptions } from './options.ts';

/**
 * What is to be done with a block. `hash`: the receiver has it, but its hash is not known (or not certain) here. `check`:
 * the receiver claims to have it, and it is sent unless its hash is the claimed one.
 */
export type Need = 'send' | 'hash' | 'check' | 'skip';

/** Bytes of a block that have to go into frames. */
export interface Part {
  start: number;
  readonly end: number;
  /** They were sent once, and lost with their lane: credit was used for them then, and is not again. */
  readonly isPaid: boolean;
}

/** A block on its way from the file into frames. */
export interface LoadedBlock {
  readonly slabId: number;
  readonly block: number;
  readonly length: number;
  need: Need;
  /** Once read. A view of its slab. */
  bytes: Bytes | undefined;
  /** Once hashed. */
  hash: Bytes | undefined;
  /** What has to go into frames yet, in that order. */
  readonly parts: Part[];
  /** The hash, too. */
  isHashDue: boolean;
  /** Something of it is in frames. */
  isBegun: boolean;
}

type ReadAheadOutput = IoOutput | Extract<Output, { type: 'release' }>;

/** So many small blocks are worth a frame, however little is in them. */
const MANY_BLOCKS = 128;

/**
 * Reads the blocks of a transfer in order, some MiB ahead of what is being sent, and has them hashed meanwhile. A slab
 * is one read: consecutive blocks of one file.
 */
export class ReadAhead {
  readonly #transferId: string;
  readonly #table: FileTable;
  readonly #options: TransferOptions;
  readonly #need: (block: number) => Need;
  readonly #isClaimRight: (block: number, hash: Bytes) => boolean;
  readonly #emit: (output: ReadAheadOutput) => void;
  /** In the order of sending. */
  readonly #queue: LoadedBlock[] = [];
  readonly #slabs = new Map<number, readonly LoadedBlock[]>();
  /** Those that were read: how many of their blocks are in the queue or are being hashed, each counted for both. */
  readonly #inUse = new Map<number, { uses: number; readonly fileIndex: number; readonly bytes: Bytes }>();
  /** Not below any slab id that an older ReadAhead of the same transfer has used. */
  #nextSlabId: number;
  #cursor = 0;
  #heldBytes = 0;
  /** In the queue, to be sent, and hashed: blocks, and their bytes. */
  #readyBlocks = 0;
  #readyBytes = 0;

  constructor(
    transferId: string,
    table: FileTable,
    options: TransferOptions,
    firstSlabId: number,
    need: (block: number) => Need,
    isClaimRight: (block: number, hash: Bytes) => boolean,
    emit: (output: ReadAheadOutput) => void,
  ) {
    this.#transferId = transferId;
    this.#table = table;
    this.#options = options;
    this.#nextSlabId = firstSlabId;
    this.#need = need;
    this.#isClaimRight = isClaimRight;
    this.#emit = emit;
  }

  get nextSlabId(): number {
    return this.#nextSlabId;
  }

  /** Every block before `endBlock` was read, hashed and taken. */
  isDone(endBlock: number): boolean {
    return this.#queue.length === 0 && this.#nextNeeded(endBlock) === undefined;
  }

  /** Starts as many reads as there is room for. @param endBlock the first that may not be sent yet */
  plan(endBlock: number): void {
    while (this.#heldBytes < this.#options.readAheadBytes && this.#slabs.size < this.#options.readsAtOnce) {
      const block = this.#nextNeeded(endBlock);
      if (block === undefined) return;
      this.#cursor = this.#readSlab(block, endBlock, this.#queue.length);
    }
  }

  /** Reads one block once more, and sends it before what has not begun. */
  again(block: number): void {
    const at = this.#queue.findIndex((loaded) => !loaded.isBegun);
    this.#readSlab(block, block + 1, at < 0 ? this.#queue.length : at, 'send');
  }

  /**
   * Sends a part of a block again, before everything else: it was lost with its lane.
   * @param isLast the hash was lost, too
   */
  resend(block: number, start: number, end: number, isLast: boolean): void {
    let loaded = this.#queue.find((candidate) => candidate.block === block && candidate.need === 'send');
    if (loaded === undefined) {
      this.#readSlab(block, block + 1, 0, 'send');
      [loaded] = this.#queue;
      if (loaded === undefined) throw new RangeError(`block ${block} was not queued`);
      loaded.parts.length = 0;
      loaded.isHashDue = false;
      loaded.isBegun = true;
    }
    // In front of what is to be sent for the first time, for which there may be no credit.
    if (end > start) loaded.parts.unshift({ start, end, isPaid: true });
    loaded.isHashDue ||= isLast;
  }

  readDone(slabId: number, bytes: Bytes): void {
    const slab = this.#slabs.get(slabId) ?? [];
    const fileIndex = this.fileOf(slabId);
    if (fileIndex !== undefined) this.#inUse.set(slabId, { uses: 2 * slab.length, fileIndex, bytes });
    let offset = 0;
    for (const loaded of slab) {
      loaded.bytes = bytes.subarray(offset, offset + loaded.length);
      offset += loaded.length;
      const { block } = loaded;
      this.#emit({ type: 'hash', transferId: this.#transferId, slabId, block, bytes: loaded.bytes });
    }
    this.#slabs.delete(slabId);
  }

  hashed(slabId: number, block: number, hash: Bytes): void {
    this.#used(slabId);
    const at = this.#queue.findIndex((candidate) => candidate.block === block && candidate.slabId === slabId);
    const loaded = this.#queue[at];
    if (loaded === undefined) return;
    loaded.hash = hash;
    if (loaded.need === 'check' && !this.#isClaimRight(block, hash)) loaded.need = 'send';
    if (loaded.need !== 'send') return this.#remove(at);
    this.#readyBlocks++;
    this.#readyBytes += loaded.length;
  }

  /** Small blocks should share frames: whether it is better to wait, since more will be ready at once. */
  isWorthWaiting(frameBytes: number): boolean {
    return this.#readyBytes < frameBytes && this.#readyBlocks < MANY_BLOCKS && this.#readyBlocks < this.#queue.length;
  }

  /** The block to be sent now; undefined while it has not been read. */
  head(): LoadedBlock | undefined {
    const head = this.#queue[0];
    return head?.bytes === undefined || head.need !== 'send' ? undefined : head;
  }

  /** Everything of the head that has to be is in frames. */
  get isHeadDone(): boolean {
    const head = this.#queue[0];
    return head !== undefined && head.parts.length === 0 && !head.isHashDue;
  }

  /** The head is done. */
  takeHead(): void {
    const head = this.#queue[0];
    // What is sent again without its hash need not wait for that.
    if (head?.hash !== undefined) {
      this.#readyBlocks--;
      this.#readyBytes -= head.length;
    }
    this.#remove(0);
  }

  /** It was planned: it is on its way, or was sent, or is not needed. */
  isPast(block: number): boolean {
    return block < this.#cursor;
  }

  /**
   * Forgets blocks of a file that does not travel any more, whatever became of them so far.
   * @returns bytes that will not be sent, though credit was used for them
   */
  drop(firstBlock: number, endBlock: number): number {
    let paidBytes = 0;
    for (let at = this.#queue.length - 1; at >= 0; at--) {
      const loaded = this.#queue[at];
      if (loaded === undefined || loaded.block < firstBlock || loaded.block >= endBlock) continue;
      if (loaded.hash !== undefined && loaded.need === 'send') {
        this.#readyBlocks--;
        this.#readyBytes -= loaded.length;
      }
      for (const { start, end, isPaid } of loaded.parts) if (isPaid) paidBytes += end - start;
      this.#remove(at);
    }
    for (const [slabId, slab] of this.#slabs) {
      if (slab.some(({ block }) => block >= firstBlock && block < endBlock)) this.#slabs.delete(slabId);
    }
    return paidBytes;
  }

  /** The blocks of a read that has not come back; undefined where it was dropped. */
  fileOf(slabId: number): number | undefined {
    const block = this.#slabs.get(slabId)?.[0]?.block;
    return block === undefined ? undefined : this.#table.place(block)?.fileIndex;
  }

  #nextNeeded(endBlock: number): number | undefined {
    while (this.#cursor < endBlock && this.#need(this.#cursor) === 'skip') this.#cursor++;
    return this.#cursor < endBlock ? this.#cursor : undefined;
  }

  /** @returns the first block after the slab */
  #readSlab(firstBlock: number, endBlock: number, queueAt: number, forced?: Need): number {
    const place = this.#table.place(firstBlock);
    if (place === undefined) throw new RangeError(`block ${firstBlock} is in no file`);
    const { fileIndex, offset } = place;
    const end = Math.min(endBlock, this.#table.firstBlock(fileIndex + 1));
    const slabId = this.#nextSlabId++;
    const slab: LoadedBlock[] = [];
    let length = 0;
    for (let block = firstBlock; block < end && length + BLOCK_BYTES <= this.#options.slabBytes; block++) {
      const need = forced ?? this.#need(block);
      if (need === 'skip') break;
      const blockBytes = Math.min(BLOCK_BYTES, this.#table.sizeBytes(fileIndex) - offset - length);
      slab.push({
        slabId,
        block,
        length: blockBytes,
        need,
        bytes: undefined,
        hash: undefined,
        parts: [{ start: 0, end: blockBytes, isPaid: false }],
        isHashDue: true,
        isBegun: false,
      });
      length += blockBytes;
    }
    this.#queue.splice(queueAt, 0, ...slab);
    this.#slabs.set(slabId, slab);
    this.#heldBytes += length;
    this.#emit({ type: 'read', transferId: this.#transferId, slabId, fileIndex, offset, length });
    return firstBlock + slab.length;
  }

  #remove(at: number): void {
    const [removed] = this.#queue.splice(at, 1);
    if (removed === undefined) return;
    this.#heldBytes -= removed.length;
    this.#used(removed.slabId);
  }

  /** One use less: waiting for a collector, what was read of a large file would pile up. */
  #used(slabId: number): void {
    const slab = this.#inUse.get(slabId);
    if (slab === undefined || --slab.uses > 0) return;
    this.#inUse.delete(slabId);
    const { fileIndex, bytes } = slab;
    this.#emit({ type: 'release', transferId: this.#transferId, fileIndex, bytes });
  }
}
