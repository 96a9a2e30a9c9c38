import type { Bytes } from '../bytes.ts';
import { equalBytes } from '../bytes.ts';
import { BLOCKS_PER_PAGE } from './blocks.ts';
import { BlockLedger } from './block-ledger.ts';
import type { TransferContext } from './context.ts';
import type { FileTable } from './file-table.ts';
import type { AnswerInput, IoOutput, JournalBlockPage, JournalHeader, JournalManifestPage } from './machine.ts';
import { Prover } from './prover.ts';

/** A hash that waits for the page with the one that it is to be compared with. */
export interface FreshHash {
  readonly slabId: number;
  readonly block: number;
  readonly hash: Bytes;
}

type State =
  /** Nothing is written: not yet, or because this browser stores nothing. Then hashes stay in memory. */
  'none' | 'beginning' | 'begun' | 'removing';

/**
 * What a sender remembers of its transfer beyond a reload: the list of files, and the hash of each block that was read.
 * A journal that fails is done without: sending goes on, only not beyond a reload.
 */
export class SendJournal {
  readonly #transferId: string;
  readonly #context: TransferContext;
  readonly #ledger: BlockLedger;
  readonly #header: () => JournalHeader;
  /** By page that is being loaded. */
  readonly #waiting = new Map<number, FreshHash[]>();
  readonly #loading = new Set<number>();
  #state: State = 'none';
  #checkpointing: readonly JournalBlockPage[] | undefined;
  /** A checkpoint was asked for while something else was being written. */
  #isCheckpointWanted = false;
  #isUnwanted = false;
  #prover: Prover | undefined;

  constructor(transferId: string, blockCount: number, context: TransferContext, header: () => JournalHeader) {
    this.#transferId = transferId;
    this.#context = context;
    this.#ledger = new BlockLedger(blockCount);
    this.#header = header;
  }

  begin(pages: readonly JournalManifestPage[]): void {
    this.#state = 'beginning';
    this.#emit({ type: 'begin', transferId: this.#transferId, header: this.#header(), pages });
  }

  /** It is there, with these hashes. */
  restore(pages: readonly JournalBlockPage[]): void {
    this.#state = 'begun';
    for (const page of pages) this.#ledger.restore(page);
  }

  /** Nothing of it is written, nor will be. */
  get isEmpty(): boolean {
    return this.#state === 'none';
  }

  /** Blocks whose hash is known. */
  has(block: number): boolean {
    return this.#ledger.stored.has(block);
  }

  /** undefined also where its page is not in memory. */
  hash(block: number): Bytes | undefined {
    return this.#ledger.hash(block);
  }

  /** `later`: the page with the known hash is being loaded; `pageLoaded` gives the block back. */
  compare(fresh: FreshHash): 'new' | 'same' | 'different' | 'later' {
    if (!this.has(fresh.block)) return 'new';
    const known = this.hash(fresh.block);
    if (known !== undefined) return equalBytes(known, fresh.hash) ? 'same' : 'different';
    const pageIndex = Math.floor(fresh.block / BLOCKS_PER_PAGE);
    this.#waiting.set(pageIndex, [...(this.#waiting.get(pageIndex) ?? []), fresh]);
    this.#load(pageIndex);
    return 'later';
  }

  add(block: number, length: number, hash: Bytes, nowMs: number): void {
    this.#ledger.add(block, length, hash, nowMs);
  }

  deadlineMs(): number | undefined {
    const { dirtySinceMs } = this.#ledger;
    if (this.#state !== 'begun' || this.#checkpointing !== undefined || dirtySinceMs === undefined) return undefined;
    return dirtySinceMs + this.#context.options.sourceCheckpointMs;
  }

  checkpointIfDue(nowMs: number): void {
    const deadlineMs = this.deadlineMs();
    if (deadlineMs === undefined) return;
    if (this.#ledger.dirtyBytes < this.#context.options.sourceCheckpointBytes && nowMs < deadlineMs) return;
    this.checkpoint();
  }

  /** Writes what changed, the header in any case, as soon as nothing else is being written. */
  checkpoint(): void {
    this.#isCheckpointWanted = this.#state === 'beginning' || this.#checkpointing !== undefined;
    if (this.#state !== 'begun' || this.#checkpointing !== undefined) return;
    this.#checkpointing = this.#ledger.takeDirty();
    this.#emit({
      type: 'checkpoint',
      transferId: this.#transferId,
      pages: this.#checkpointing,
      header: this.#header(),
      closesFiles: false,
    });
  }

  /** The transfer is over; nothing of it has to be known after a reload. */
  remove(): void {
    this.#isUnwanted = true;
    if (this.#state !== 'begun' || this.#checkpointing !== undefined || this.#loading.size > 0) return;
    this.#state = 'removing';
    this.#emit({ type: 'remove', transferId: this.#transferId });
  }

  /** @returns hashes that can be compared now */
  handleAnswer(input: Exclude<AnswerInput, { type: 'readDone' | 'hashed' }>): readonly FreshHash[] {
    const fresh = this.#take(input);
    if (this.#isUnwanted) this.remove();
    else if (this.#isCheckpointWanted && this.#checkpointing === undefined) this.checkpoint();
    return fresh;
  }

  /** Computes the root from all hashes. @returns undefined while a page of them is being loaded; then call it again */
  prove(table: FileTable, digest: Bytes, withdrawn: ReadonlySet<number>): Bytes | undefined {
    this.#prover ??= new Prover(table, digest, withdrawn);
    for (let page = this.#prover.nextPage; page !== undefined; page = this.#prover.nextPage) {
      const hashes = this.#ledger.hashes(page);
      if (hashes === undefined && this.#ledger.stored.page(page) !== undefined) {
        this.#load(page);
        return undefined;
      }
      // All blocks of the page belong to files that were withdrawn before they were read.
      this.#prover.addPage(hashes ?? NO_HASHES);
    }
    const root = this.#prover.finish();
    this.#prover = undefined;
    return root;
  }

  #take(input: Exclude<AnswerInput, { type: 'readDone' | 'hashed' }>): readonly FreshHash[] {
    if (input.type === 'begun') this.#state = 'begun';
    else if (input.type === 'ioFailed') this.#failed(input.operation);
    else if (input.type === 'pageLoaded') return this.#loaded(input.page);
    else if (input.type === 'checkpointed') {
      this.#ledger.checkpointed(this.#checkpointing ?? []);
      this.#checkpointing = undefined;
    } else if (input.type === 'removed') {
      this.#state = 'none';
      this.#isUnwanted = false;
    }
    return [];
  }

  #loaded(page: JournalBlockPage): readonly FreshHash[] {
    this.#ledger.bringBack(page);
    this.#loading.delete(page.pageIndex);
    const fresh = this.#waiting.get(page.pageIndex) ?? [];
    this.#waiting.delete(page.pageIndex);
    return fresh;
  }

  #failed(operation: IoOutput['type']): void {
    if (operation === 'checkpoint') {
      // The next one writes them, too.
      this.#ledger.putBack(this.#checkpointing ?? []);
      this.#checkpointing = undefined;
    } else if (operation === 'begin' || operation === 'remove') {
      this.#state = 'none';
      this.#isUnwanted = false;
    }
  }

  #load(pageIndex: number): void {
    if (this.#loading.has(pageIndex)) return;
    this.#loading.add(pageIndex);
    this.#emit({ type: 'loadPage', transferId: this.#transferId, pageIndex });
  }

  #emit(output: IoOutput): void {
    this.#context.emit(output);
  }
}

const NO_HASHES: Bytes = new Uint8Array(BLOCKS_PER_PAGE * 32);
