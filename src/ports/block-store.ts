import type { Bytes } from '../core/bytes.ts';

/**
 * Where received bytes go: one sparse file per (transfer, file index). Nothing here knows blocks or hashes; what
 * may be believed after a crash is the journal's business (`journal.ts`).
 *
 * Every method rejects with TransferError, origin 'host': 'disk-full' when space or quota ran out (the file keeps
 * what it had), 'storage-failed' for anything else, 'storage-unavailable' from `open…` where the browser has none.
 */
export interface BlockStore {
  readonly kind: 'opfs' | 'indexeddb' | 'folder' | 'memory';
  /**
   * Opens one file for writing, creating it and claiming `sizeBytes` (0 to 2^53-1) of space when it does not exist.
   * An existing file keeps its bytes, cut or extended with zeros to `sizeBytes`. One opener at a time per file: a second
   * rejects with 'storage-failed'. Transfer ids are 1 to 64 of `0-9 a-z _ -`; anything else is a 'local' error.
   */
  open(transferId: string, fileIndex: number, sizeBytes: number): Promise<StoredFile>;
  /** The finished file for saving, without a copy in memory. Rejects with 'storage-failed' when it does not exist. */
  blob(transferId: string, fileIndex: number): Promise<Blob>;
  /** Deletes all files of a transfer. Deleting what does not exist is fine; an open file rejects with 'storage-failed'. */
  remove(transferId: string): Promise<void>;
  /** The transfers that have files here. */
  list(): Promise<readonly string[]>;
}

export interface StoredFile {
  readonly sizeBytes: number;
  /** Writes all of `bytes` at `offset`; past `sizeBytes` is a 'local' error. The caller may reuse `bytes` afterwards. */
  write(offset: number, bytes: Bytes): Promise<void>;
  /**
   * Reads exactly `length` bytes (never short; holes read as zero) into a new array, or into the first `length` bytes
   * of `into`, where that is given: a fresh array for each MiB costs as much as reading it.
   */
  read(offset: number, length: number, into?: Bytes): Promise<Bytes>;
  /** After this, everything written survives a crash of the browser. */
  flush(): Promise<void>;
  /** Idempotent. Does not delete. */
  close(): Promise<void>;
}

/** How much room there is. Both in bytes; undefined where the browser does not say. */
export interface StorageSpace {
  estimate(): Promise<{ usedBytes: number | undefined; quotaBytes: number | undefined }>;
  /** Asks that the browser does not evict what we store. True when granted. */
  persist(): Promise<boolean>;
}
