import type { Bytes } from '../core/bytes.ts';

/** One file to be sent. */
export interface SourceFile {
  /** Relative path with `/`; a bare name for a single file. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly lastModifiedEpochMs: number;
  /** A folder with nothing in it: nothing to read, size 0. */
  readonly isFolder?: true;
  /**
   * Reads exactly `length` bytes from `offset`.
   * Rejects with TransferError, origin 'host': 'source-changed' when the file is not what it was when it was
   * chosen, 'file-unreadable' for anything else.
   */
  read(offset: number, length: number): Promise<Bytes>;
  /** Takes back what `read` gave: nobody looks at it any more. Where there is none, a collector does. */
  release?(bytes: Bytes): void;
}
