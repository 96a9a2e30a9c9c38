/** Bytes in a block: the unit of hashing, acknowledgement and resume. Only the last block of a file may be shorter. */
export const BLOCK_BYTES = 1024 * 1024;

/** Consecutive block numbers in one page of the block map and of the journal. */
export const BLOCKS_PER_PAGE = 1024;

/** Bytes of a page's block map. */
export const BLOCK_MAP_PAGE_BYTES = BLOCKS_PER_PAGE / 8;

/** Bytes of a SHA-256 digest. */
export const HASH_BYTES = 32;

/** Blocks of a file of that size: none when it is empty. */
export function blocksOf(sizeBytes: number): number {
  return Math.ceil(sizeBytes / BLOCK_BYTES);
}

/** Block-map pages that cover that many blocks. */
export function pagesOf(blockCount: number): number {
  return Math.ceil(blockCount / BLOCKS_PER_PAGE);
}
