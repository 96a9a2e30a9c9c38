import type { Bytes } from '../bytes.ts';
import { BLOCK_MAP_PAGE_BYTES, BLOCKS_PER_PAGE } from './blocks.ts';

/** A set of block numbers: one bit each, in pages that exist only where a bit was set. */
export class BlockMap {
  readonly #pages = new Map<number, Bytes>();
  #size = 0;

  /** How many blocks are in the set. */
  get size(): number {
    return this.#size;
  }

  has(block: number): boolean {
    const page = this.#pages.get(Math.floor(block / BLOCKS_PER_PAGE));
    return page !== undefined && hasBit(page, block % BLOCKS_PER_PAGE);
  }

  /** False where it was there already. */
  add(block: number): boolean {
    const pageIndex = Math.floor(block / BLOCKS_PER_PAGE);
    let page = this.#pages.get(pageIndex);
    if (page === undefined) {
      page = new Uint8Array(BLOCK_MAP_PAGE_BYTES);
      this.#pages.set(pageIndex, page);
    }
    const bit = block % BLOCKS_PER_PAGE;
    if (hasBit(page, bit)) return false;
    page[bit >> 3] = (page[bit >> 3] ?? 0) | (1 << (bit & 7));
    this.#size++;
    return true;
  }

  /** False where it was not there. */
  delete(block: number): boolean {
    const page = this.#pages.get(Math.floor(block / BLOCKS_PER_PAGE));
    const bit = block % BLOCKS_PER_PAGE;
    if (page === undefined || !hasBit(page, bit)) return false;
    page[bit >> 3] = (page[bit >> 3] ?? 0) & ~(1 << (bit & 7));
    this.#size--;
    return true;
  }

  /** Adds what a page of bits says. Copies it. */
  addPage(pageIndex: number, bits: Bytes): void {
    for (let bit = 0; bit < BLOCKS_PER_PAGE; bit++) {
      if (hasBit(bits, bit)) this.add(pageIndex * BLOCKS_PER_PAGE + bit);
    }
  }

  /** The 128 bytes of a page, or undefined where no bit is set. A view. */
  page(pageIndex: number): Bytes | undefined {
    return this.#pages.get(pageIndex);
  }
}

/** Bit i, least significant first within each byte. */
export function hasBit(bits: Bytes, i: number): boolean {
  return ((bits[i >> 3] ?? 0) & (1 << (i & 7))) !== 0;
}
