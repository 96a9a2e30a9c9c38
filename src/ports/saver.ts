import type { StoredPlace } from '../core/transfer/store-layout.ts';

/**
 * Takes received files out of the browser's storage and gives them to the person, none of them through memory: a file
 * of 100 GB is saved like one of 100 kB. Nothing is deleted here. For windows; call from a click.
 *
 * All reject with TransferError, origin 'host': 'save-failed', 'disk-full', or 'storage-failed' when the file is gone.
 */
export interface Saver {
  /** There is a picker for folders (Chromium on a computer, November 2026). */
  readonly canPickFolder: boolean;
  /** Saving goes by the share sheet, since a download leads nowhere: an installed app on iOS. */
  readonly canShare: boolean;
  /** One file, as a download. Resolves when it was asked for; what the person does with it, no browser tells. */
  saveFile(blob: Blob, name: string): Promise<void>;
  /**
   * All as one zip, as a download. 'unavailable': nobody here can make it (no service worker controls the page: the
   * very first moments, a forced reload, site data blocked), and nothing has happened.
   */
  saveZip(job: SaveJob, listener: SaveListener): Promise<'saved' | 'stopped' | 'unavailable'>;
  /** The browser's own picker. undefined: the person changed their mind. */
  pickFolder(): Promise<FileSystemDirectoryHandle | undefined>;
  /** All into a folder of theirs. What is there stays: a name that is taken gets ' (2)'. */
  saveToFolder(job: SaveJob, folder: FileSystemDirectoryHandle, listener: SaveListener): Promise<'saved' | 'stopped'>;
  /** All through the system's share sheet. 'stopped': the person changed their mind. */
  share(files: readonly { readonly blob: Blob; readonly name: string }[]): Promise<'saved' | 'stopped'>;
}

export interface SaveJob {
  readonly transferId: string;
  /** What all of it is called, without an extension. Safe as a file name. */
  readonly name: string;
  readonly entries: readonly SaveEntry[];
}

export interface SaveEntry {
  readonly fileIndex: number;
  readonly stored: StoredPlace;
  /** Relative with `/`, sanitised, different from all others even where case is ignored. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Any safe integer from 0; 0 is "not known" for folders. */
  readonly lastModifiedEpochMs: number;
  /** A folder with nothing in it. */
  readonly isFolder?: true;
}

export interface SaveListener {
  /** So many bytes of the files' contents were handed over; a few times a second at most, never goes back. */
  readonly onProgress: (bytesSaved: number) => void;
  /** Stops it: the zip breaks off, the file under way is not kept. */
  readonly signal: AbortSignal;
}
