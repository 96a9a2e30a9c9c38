import type { Bytes } from '../bytes.ts';
import { BLOCKS_PER_PAGE, HASH_BYTES } from './blocks.ts';
import { BlockMap } from './block-map.ts';

/** The hash of each block, by page; a page can be put away and brought back. */
export class HashPages {
  readonly known = new BlockMap();
  readonly #pages = new Map<number, Bytes>();

  /** Pages in memory. */
  get pageCount(): number {
    return this.#pages.size;
  }

  set(block: number, hash: Bytes): void {
    this.known.add(block);
    const pageIndex = Math.floor(block / BLOCKS_PER_PAGE);
    let page = this.#pages.get(pageIndex);
    if (page === undefined) {
      page = new Uint8Array(BLOCKS_PER_PAGE * HASH_BYTES);
      this.#pages.set(pageIndex, page);
    }
    page.set(hash, (block % BLOCKS_PER_PAGE) * HASH_BYTES);
  }

  /** A view, or undefined where the hash is not known or its page was put away. */
  get(block: number): Bytes | undefined {
    const page = this.#pages.get(Math.floor(block / BLOCKS_PER_PAGE));
    if (page === undefined || !this.known.has(block)) return undefined;
    const at = (block % BLOCKS_PER_PAGE) * HASH_BYTES;
    return page.subarray(at, at + HASH_BYTES);
  }

  page(pageIndex: number): Bytes | undefined {
    return this.#pages.get(pageIndex);
  }

  /** Takes over a page of 1024 hashes; `bits` says which of them count. */
  load(pageIndex: number, bits: Bytes, hashes: Bytes): void {
    this.#pages.set(pageIndex, hashes);
    this.known.addPage(pageIndex, bits);
  }

  /** Frees a page's memory; which hashes are known is remembered. */
  putAway(pageIndex: number): void {
    this.#pages.delete(pageIndex);
  }
}
