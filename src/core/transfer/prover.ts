import type { Bytes } from '../bytes.ts';
import { BLOCKS_PER_PAGE, HASH_BYTES } from './blocks.ts';
import type { FileTable } from './file-table.ts';
import { TransferRoot } from './merkle.ts';

/** Computes a transfer's root from pages of hashes, first to last, with one page in hand at a time. */
export class Prover {
  readonly #table: FileTable;
  readonly #root = new TransferRoot();
  readonly #manifestDigest: Bytes;
  readonly #withdrawn: ReadonlySet<number>;
  #fileIndex = 0;
  #nextBlock = 0;

  /** @param withdrawn indexes of files that do not travel */
  constructor(table: FileTable, manifestDigest: Bytes, withdrawn: ReadonlySet<number>) {
    this.#table = table;
    this.#manifestDigest = manifestDigest;
    this.#withdrawn = withdrawn;
  }

  /** The page that is wanted next, or undefined when `finish` may be called. */
  get nextPage(): number | undefined {
    return this.#nextBlock < this.#table.blockCount ? this.#nextBlock / BLOCKS_PER_PAGE : undefined;
  }

  /** Goes on with the page that `nextPage` named. */
  addPage(hashes: Bytes): void {
    const end = Math.min(this.#nextBlock + BLOCKS_PER_PAGE, this.#table.blockCount);
    for (; this.#nextBlock < end; this.#nextBlock++) {
      this.#endFilesBefore(this.#nextBlock);
      const at = (this.#nextBlock % BLOCKS_PER_PAGE) * HASH_BYTES;
      this.#root.block(hashes.slice(at, at + HASH_BYTES));
    }
  }

  finish(): Bytes {
    while (this.#fileIndex < this.#table.fileCount) this.#endFile();
    return this.#root.finish(this.#manifestDigest);
  }

  #endFilesBefore(block: number): void {
    while (this.#table.firstBlock(this.#fileIndex + 1) <= block) this.#endFile();
  }

  #endFile(): void {
    if (this.#withdrawn.has(this.#fileIndex)) this.#root.endWithdrawnFile();
    else this.#root.endFile(this.#table.sizeBytes(this.#fileIndex));
    this.#fileIndex++;
  }
}
