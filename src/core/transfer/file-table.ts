import type { ManifestEntry } from '../wire/frames/manifest.ts';
import { BLOCK_BYTES, blocksOf } from './blocks.ts';
import type { StoredPlace } from './store-layout.ts';
import { ownPlace, StoreLayout } from './store-layout.ts';

/** Where a block lies. */
export interface BlockPlace {
  readonly fileIndex: number;
  /** Of the block's first byte, within the file. */
  readonly offset: number;
  /** 1 to 1 MiB. */
  readonly length: number;
}

/** The files of a transfer in order, as far as they are known, and how blocks are numbered through them. */
export class FileTable {
  readonly #files: ManifestEntry[] = [];
  /** Number of each file's first block; an empty file has that of the next. */
  readonly #firstBlocks: number[] = [];
  readonly #layout: StoreLayout | undefined;
  /** Of files that are not stored by themselves. */
  readonly #packed = new Map<number, StoredPlace>();
  #blockCount = 0;
  #totalBytes = 0;
  /** The file that was looked up last: look-ups mostly go up one by one. */
  #lastFile = 0;

  /** @param fileCount of the whole transfer, where its files are going to be stored */
  constructor(fileCount?: number) {
    this.#layout = fileCount === undefined ? undefined : new StoreLayout(fileCount);
  }

  get files(): readonly ManifestEntry[] {
    return this.#files;
  }

  get fileCount(): number {
    return this.#files.length;
  }

  get blockCount(): number {
    return this.#blockCount;
  }

  get totalBytes(): number {
    return this.#totalBytes;
  }

  add(file: ManifestEntry): void {
    const stored = this.#layout?.place(this.fileCount, file.sizeBytes);
    if (stored !== undefined && stored.storedBytes !== file.sizeBytes) this.#packed.set(this.fileCount, stored);
    this.#files.push(file);
    this.#firstBlocks.push(this.#blockCount);
    this.#blockCount += blocksOf(file.sizeBytes);
    this.#totalBytes += file.sizeBytes;
  }

  /** The number of a file's first block; for the number of files, the number of all blocks. */
  firstBlock(fileIndex: number): number {
    return this.#firstBlocks[fileIndex] ?? this.#blockCount;
  }

  sizeBytes(fileIndex: number): number {
    return this.#files[fileIndex]?.sizeBytes ?? 0;
  }

  storedPlace(fileIndex: number): StoredPlace {
    return this.#packed.get(fileIndex) ?? ownPlace(fileIndex, this.sizeBytes(fileIndex));
  }

  /** undefined for a block of no file that is known. */
  place(block: number): BlockPlace | undefined {
    if (block < 0 || block >= this.#blockCount) return undefined;
    const fileIndex = this.#fileOf(block);
    const offset = (block - this.firstBlock(fileIndex)) * BLOCK_BYTES;
    return { fileIndex, offset, length: Math.min(BLOCK_BYTES, this.sizeBytes(fileIndex) - offset) };
  }

  #fileOf(block: number): number {
    if (!this.#holds(this.#lastFile, block)) {
      this.#lastFile = this.#holds(this.#lastFile + 1, block) ? this.#lastFile + 1 : this.#search(block);
    }
    return this.#lastFile;
  }

  #holds(fileIndex: number, block: number): boolean {
    return this.firstBlock(fileIndex) <= block && block < this.firstBlock(fileIndex + 1);
  }

  /** The last file whose first block is not above `block`: empty files before it share that number. */
  #search(block: number): number {
    let low = 0;
    let high = this.#files.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.firstBlock(middle) <= block) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
