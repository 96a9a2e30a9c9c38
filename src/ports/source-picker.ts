import type { OutgoingFile } from './transfer-engine.ts';

/** One thing that a person picked: a file, or a folder with everything in it. */
export interface PickedItem {
  readonly kind: 'file' | 'folder';
  readonly name: string;
  /** One for a file. Of a folder in the order of `comparePaths`, each path beginning with the folder's name. */
  readonly files: readonly OutgoingFile[];
  /** Opens it again after a reload; not every browser and every way of picking gives one. */
  readonly handle?: FileSystemHandle | undefined;
}

export interface ReadingOptions {
  /** Files found so far, as often as they come. */
  readonly onFound?: (fileCount: number) => void;
  /** Gives up: rejects with its reason. */
  readonly signal?: AbortSignal;
}

/**
 * What a person gives to the page. Reading rejects with TransferError, origin 'host': 'file-unreadable' when a file or
 * a folder cannot be read, 'limit-exceeded' above `MAX_FILES`.
 */
export interface SourcePicker {
  /** The browser has pickers that give handles (Chromium); elsewhere `<input type="file">` is used. */
  readonly canPickFiles: boolean;
  readonly canPickFolder: boolean;
  /** Call in the task of a click. Nothing when the person changed their mind. */
  pickFiles(options?: ReadingOptions): Promise<readonly PickedItem[]>;
  pickFolder(options?: ReadingOptions): Promise<readonly PickedItem[]>;
  /** The files and folders of a drop or a paste. Call in the task of the event: afterwards it is empty. */
  readTransfer(transfer: DataTransfer, options?: ReadingOptions): Promise<readonly PickedItem[]>;
}
