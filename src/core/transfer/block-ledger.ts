import type { Bytes } from '../bytes.ts';
import { BLOCK_MAP_PAGE_BYTES, BLOCKS_PER_PAGE, HASH_BYTES, pagesOf } from './blocks.ts';
import type { BlockMap } from './block-map.ts';
import { HashPages } from './hash-pages.ts';
import type { JournalBlockPage } from './machine.ts';

/** Complete pages of hashes kept in memory, 32 KiB each; older ones are read from the journal at the end. */
const KEPT_PAGES = 32;

/** Which blocks are on disk and verified, their hashes, and what of that the journal does not have yet. */
export class BlockLedger {
  readonly #hashes = new HashPages();
  readonly #blockCount: number;
  readonly #dirtyPages = new Set<number>();
  /** Blocks that no checkpoint covers; and those that are in one that is being written. */
  #dirtyBlocks: number[] = [];
  #takenBlocks: number[] = [];
  #broughtBack: number | undefined;
  #dirtyBytes = 0;
  #dirtySinceMs: number | undefined;

  constructor(blockCount: number) {
    this.#blockCount = blockCount;
  }

  get stored(): BlockMap {
    return this.#hashes.known;
  }

  get isComplete(): boolean {
    return this.stored.size === this.#blockCount;
  }

  /** Of blocks that no checkpoint covers. */
  get dirtyBytes(): number {
    return this.#dirtyBytes;
  }

  /** When the first of those was stored. */
  get dirtySinceMs(): number | undefined {
    return this.#dirtySinceMs;
  }

  get isDirty(): boolean {
    return this.#dirtyPages.size > 0;
  }

  add(block: number, length: number, hash: Bytes, nowMs: number): void {
    this.#hashes.set(block, hash);
    this.#dirtyPages.add(Math.floor(block / BLOCKS_PER_PAGE));
    this.#dirtyBlocks.push(block);
    this.#dirtyBytes += length;
    this.#dirtySinceMs ??= nowMs;
  }

  /** Copies of all pages that changed, for a checkpoint; they count as clean from here on. */
  takeDirty(): readonly JournalBlockPage[] {
    const pages = [...this.#dirtyPages].map((pageIndex) => this.#copyOf(pageIndex));
    this.#dirtyPages.clear();
    this.#takenBlocks = [...this.#takenBlocks, ...this.#dirtyBlocks];
    this.#dirtyBlocks = [];
    this.#dirtyBytes = 0;
    this.#dirtySinceMs = undefined;
    return pages;
  }

  /** The checkpoint was not written. */
  putBack(pages: readonly JournalBlockPage[]): void {
    for (const { pageIndex } of pages) this.#dirtyPages.add(pageIndex);
  }

  /** The checkpoint was not written, and nobody knows what the disk has: forgets all that no checkpoint covers. */
  forgetDirty(): readonly number[] {
    const blocks = [...this.#takenBlocks, ...this.#dirtyBlocks];
    for (const block of blocks) this.stored.delete(block);
    this.#takenBlocks = [];
    this.#dirtyBlocks = [];
    this.#dirtyPages.clear();
    this.#dirtyBytes = 0;
    this.#dirtySinceMs = undefined;
    return blocks;
  }

  /** The checkpoint was written: complete pages may leave the memory. */
  checkpointed(pages: readonly JournalBlockPage[]): void {
    this.#takenBlocks = [];
    for (const { pageIndex } of pages) {
      if (this.#hashes.pageCount <= KEPT_PAGES) return;
      if (!this.#dirtyPages.has(pageIndex) && this.#isFull(pageIndex)) this.#hashes.putAway(pageIndex);
    }
  }

  /** A page from the journal. Keeps the hashes only where more of them will come. */
  restore(page: JournalBlockPage): void {
    this.#hashes.load(page.pageIndex, page.blockMap, page.hashes);
    if (this.#isFull(page.pageIndex)) this.#hashes.putAway(page.pageIndex);
  }

  /** A full page that had left the memory. It stays until the next one is brought back. */
  bringBack(page: JournalBlockPage): void {
    if (this.#broughtBack !== undefined && !this.#dirtyPages.has(this.#broughtBack)) {
      this.#hashes.putAway(this.#broughtBack);
    }
    this.#broughtBack = page.pageIndex;
    this.#hashes.load(page.pageIndex, page.blockMap, page.hashes);
  }

  /** A view; undefined where it is not known, or not in memory. */
  hash(block: number): Bytes | undefined {
    return this.#hashes.get(block);
  }

  /** The page's hashes, where they are in memory. */
  hashes(pageIndex: number): Bytes | undefined {
    return this.#hashes.page(pageIndex);
  }

  #isFull(pageIndex: number): boolean {
    const bits = this.stored.page(pageIndex);
    const wanted =
      pageIndex === pagesOf(this.#blockCount) - 1 ? ((this.#blockCount - 1) % BLOCKS_PER_PAGE) + 1 : BLOCKS_PER_PAGE;
    return bits !== undefined && countBits(bits) === wanted;
  }

  #copyOf(pageIndex: number): JournalBlockPage {
    return {
      pageIndex,
      blockMap: this.stored.page(pageIndex)?.slice() ?? new Uint8Array(BLOCK_MAP_PAGE_BYTES),
      hashes: this.#hashes.page(pageIndex)?.slice() ?? new Uint8Array(BLOCKS_PER_PAGE * HASH_BYTES),
    };
  }
}

function countBits(bits: Bytes): number {
  let count = 0;
  for (let byte of bits) for (; byte !== 0; byte >>= 1) count += byte & 1;
  return count;
}
