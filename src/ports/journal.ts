import type { JournalBlockPage as BlockPage, JournalHeader as TransferHeader } from '../core/transfer/machine.ts';

/**
 * The durable memory of transfers. Only what is in here is believed on resume: a block whose bit is set in a
 * checkpoint was verified and flushed before the checkpoint was written.
 *
 * Blocks are numbered through the whole transfer (file 0's blocks first, then file 1's, …; an empty file has none).
 * 1024 consecutive block numbers are one page, so that neither a file of any size nor 100 000 files need more than
 * one small record per GiB (or per 1024 files) in memory.
 *
 * Every write resolves after a commit with strict durability, and rejects with TransferError, origin 'host':
 * 'disk-full' or 'storage-failed'.
 */
export interface Journal {
  putTransfer(header: TransferHeader): Promise<void>;
  getTransfer(transferId: string): Promise<TransferHeader | undefined>;
  /** Oldest first. */
  listTransfers(): Promise<readonly TransferHeader[]>;
  putManifestPage(transferId: string, pageIndex: number, files: readonly ManifestFile[]): Promise<void>;
  getManifestPage(transferId: string, pageIndex: number): Promise<readonly ManifestFile[] | undefined>;
  /** Writes all pages, and the header where one is given, in one transaction: all or nothing. */
  checkpoint(transferId: string, pages: readonly BlockPage[], header?: TransferHeader): Promise<void>;
  getBlockPage(transferId: string, pageIndex: number): Promise<BlockPage | undefined>;
  /** Deletes everything about a transfer. Deleting what does not exist is fine. */
  deleteTransfer(transferId: string): Promise<void>;
}

export type { JournalBlockPage as BlockPage, JournalHeader as TransferHeader } from '../core/transfer/machine.ts';

export interface ManifestFile {
  /** Relative path with `/`, already sanitised when received. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly lastModifiedEpochMs: number;
  /** A folder with nothing in it. */
  readonly isFolder?: true;
  /** Where it goes in the picked folder, when `path` was taken there before the transfer. */
  readonly savePath?: string;
  /**
   * At `path` there was a file of the same size before, last modified then: it is only read, and `savePath` is for what
   * differs from it.
   */
  readonly existingModifiedEpochMs?: number;
}

/** Blocks in one page. */
export { BLOCKS_PER_PAGE } from '../core/transfer/blocks.ts';
