import type { Bytes } from '../bytes.ts';
import { equalBytes } from '../bytes.ts';
import type { ChunkRecord } from '../wire/frames/chunk.ts';
import { MAX_BLOCK_ATTEMPTS } from '../wire/limits.ts';
import type { AssembledBlock } from './block-assembly.ts';
import { BlockAssembly } from './block-assembly.ts';
import type { BlockLedger } from './block-ledger.ts';
import type { TransferContext } from './context.ts';
import type { BlockPlace, FileTable } from './file-table.ts';

/** A whole block on its way to the disk and back. */
interface Storing extends AssembledBlock {
  readonly place: BlockPlace;
  readonly linkEpoch: number;
}

/**
 * Takes chunks in, has whole blocks written, and compares what comes back from the disk with the sender's hash. Credit
 * for a block is given back when that is over, never before.
 */
export class BlockIntake {
  readonly #transferId: string;
  readonly #context: TransferContext;
  readonly #ledger: BlockLedger;
  readonly #assembly = new BlockAssembly();
  /** Whole blocks, written or waiting for that, by number. */
  readonly #storing = new Map<number, Storing>();
  /** Those of them that wait. */
  #queue: Storing[] = [];
  readonly #badAttempts = new Map<number, number>();
  /** Payload that is here but not verified on disk. */
  #pendingBytes = 0;
  #wireBytes = 0;

  constructor(transferId: string, context: TransferContext, ledger: BlockLedger) {
    this.#transferId = transferId;
    this.#context = context;
    this.#ledger = ledger;
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** All payload that came, blocks that came twice included. */
  get wireBytes(): number {
    return this.#wireBytes;
  }

  /** No whole block waits for the disk. */
  get isSettled(): boolean {
    return this.#storing.size === 0;
  }

  /** All of the block is here, on its way to the disk. */
  has(block: number): boolean {
    return this.#storing.has(block);
  }

  /** Blocks that the runner has. */
  get storesInFlight(): number {
    return this.#storing.size - this.#queue.length;
  }

  /** Throws 'protocol-violation' or 'limit-exceeded', 'remote'. */
  add(record: ChunkRecord, place: BlockPlace, table: FileTable): void {
    const payloadBytes = record.payload.length;
    this.#wireBytes += payloadBytes;
    if (this.#ledger.stored.has(record.block) || this.#storing.has(record.block)) {
      this.#context.releaseCredit(payloadBytes, this.#context.linkEpoch);
      return;
    }
    const assembled = this.#assembly.add(record, place.length, !this.#context.hasLanes);
    this.#pendingBytes += payloadBytes;
    if (assembled === undefined) return;
    const storing = { ...assembled, place, linkEpoch: this.#context.linkEpoch };
    this.#storing.set(record.block, storing);
    this.#queue.push(storing);
    this.pump(table);
  }

  /** Hands whole blocks to the disk, a bounded number at once. */
  pump(table: FileTable): void {
    while (this.#queue.length > 0 && this.storesInFlight < this.#context.options.storesAtOnce) {
      const storing = this.#queue.shift();
      if (storing === undefined) return;
      const { block, bytes, place } = storing;
      const { fileIndex, offset } = place;
      const fileSizeBytes = table.sizeBytes(fileIndex);
      this.#context.emit({
        type: 'store',
        transferId: this.#transferId,
        fileIndex,
        fileSizeBytes,
        stored: table.storedPlace(fileIndex),
        block,
        offset,
        bytes,
      });
    }
  }

  /**
   * A block was written and read back.
   * @returns `again`: the sender has to send it once more; `hopeless`: it has done so too often
   */
  stored(block: number, hash: Bytes, nowMs: number): 'verified' | 'again' | 'hopeless' {
    const storing = this.#settle(block);
    if (storing === undefined) return 'verified';
    // Its file was withdrawn meanwhile.
    if (this.#ledger.stored.has(block)) return 'verified';
    if (equalBytes(hash, storing.hash)) {
      this.#badAttempts.delete(block);
      this.#ledger.add(block, storing.place.length, hash, nowMs);
      return 'verified';
    }
    const attempts = (this.#badAttempts.get(block) ?? 0) + 1;
    this.#badAttempts.set(block, attempts);
    return attempts >= MAX_BLOCK_ATTEMPTS ? 'hopeless' : 'again';
  }

  /** The disk refused the block. */
  storeFailed(block: number): void {
    this.#settle(block);
  }

  /** Blocks that are not whole will come again from their start. Whole ones go on to the disk. */
  dropPartials(): void {
    const droppedBytes = this.#assembly.clear();
    this.#pendingBytes -= droppedBytes;
    this.#context.releaseCredit(droppedBytes, this.#context.linkEpoch);
  }

  /** A block of a file that does not travel any more. */
  dropPartial(block: number): void {
    const droppedBytes = this.#assembly.drop(block);
    this.#pendingBytes -= droppedBytes;
    this.#context.releaseCredit(droppedBytes, this.#context.linkEpoch);
  }

  /** Drops everything that the runner does not have in hand. */
  clear(): void {
    this.dropPartials();
    const waiting = this.#queue;
    this.#queue = [];
    for (const { block } of waiting) this.#settle(block);
  }

  /** Forgets how often blocks were bad: a new attempt at the whole transfer. */
  forgetAttempts(): void {
    this.#badAttempts.clear();
  }

  #settle(block: number): Storing | undefined {
    const storing = this.#storing.get(block);
    if (storing === undefined) return undefined;
    this.#storing.delete(block);
    this.#pendingBytes -= storing.place.length;
    this.#assembly.recycle(storing.bytes);
    this.#context.releaseCredit(storing.place.length, storing.linkEpoch);
    return storing;
  }
}
