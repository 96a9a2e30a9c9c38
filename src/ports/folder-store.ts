import type { BlockStore } from './block-store.ts';
import type { ManifestFile } from './journal.ts';

/**
 * A folder that a person picked, as the store of one transfer. What was in it before stays as it is: a received file
 * goes to its own path where that is free, else to a free name beside it.
 *
 * A flush copies: the browser writes into a swap file, which takes the file's place when it is closed, and begins as a
 * copy of it. So a flush costs about as much as the file is long, and what was not flushed is lost in a crash.
 *
 * Rejects with 'folder-refused', origin 'host', where the permission for the folder, or the folder, is gone.
 */
export interface FolderStore extends BlockStore {
  readonly kind: 'folder';
  /** The folder's own name, without the way to it. */
  readonly name: string;
  /**
   * Decides where files go, from `firstFile` on. May be asked about the same files again, as long as none of them was
   * opened. @returns the same files, with `savePath` and `existingModifiedEpochMs` where they apply
   */
  plan(firstFile: number, files: readonly ManifestFile[]): Promise<readonly ManifestFile[]>;
  /**
   * Takes over what `plan` decided in an earlier life of the page, for the first files or all. `existing`: the files that
   * `existing` has. What is not there any more was deleted, changed, or is in another folder.
   */
  recall(files: readonly ManifestFile[]): Promise<Recalled>;
  /**
   * What was there already, where it has the size of the file that is to come: always the same snapshot, which fails to be
   * read once the file has changed. undefined where an earlier life of the page received something that differs.
   */
  existing(fileIndex: number): Promise<Blob | undefined>;
  /** `open` was called, and began with a copy of what `existing` gives. */
  isDiffering(fileIndex: number): boolean;
  /** It stands for an empty folder. */
  isFolder(fileIndex: number): boolean;
  createFolder(fileIndex: number): Promise<void>;
  /** Deletes what was received of one file, if anything. */
  removeFile(fileIndex: number): Promise<void>;
}

export interface Recalled {
  /** Indexes of the files that `existing` has, and of which nothing was received that differs. */
  readonly existing: readonly number[];
  /** By index: how much of each file is there, received or existing. */
  readonly presentBytes: readonly number[];
}
