/**
 * The part of the origin private file system (File System Standard) that we use, and where our files are in it:
 * `/<directory>/<transferId>/<fileIndex>`, with `transfers` as the directory.
 */
export const TRANSFERS_DIRECTORY = 'transfers';

/**
 * `FileSystemSyncAccessHandle`, which the DOM lib does not declare because it exists in dedicated workers only.
 * Safari before 16.4 has `close`, `flush`, `getSize` and `truncate` as promises: awaiting is right for both.
 */
export interface SyncAccessHandle {
  /** @returns bytes written. Firefox 153 gives 0 when the quota is used up, Chromium 156 incognito 2^32 - 8. */
  write(bytes: Uint8Array<ArrayBuffer>, options: { at: number }): number;
  /** @returns bytes read, fewer only at the end of the file */
  read(bytes: Uint8Array<ArrayBuffer>, options: { at: number }): number;
  truncate(sizeBytes: number): void | Promise<void>;
  getSize(): number | Promise<number>;
  flush(): void | Promise<void>;
  close(): void | Promise<void>;
}

export interface SyncAccessFileHandle extends FileSystemFileHandle {
  createSyncAccessHandle(): Promise<SyncAccessHandle>;
}

/** False in a window, and in browsers without OPFS for workers. */
export function hasSyncAccess(handle: FileSystemFileHandle): handle is SyncAccessFileHandle {
  return 'createSyncAccessHandle' in handle && typeof handle.createSyncAccessHandle === 'function';
}

/**
 * A received file as a `File`, with no copy in memory. Works in a window and in workers. The file's sync access handle
 * has to be closed: a `File` is a snapshot, and reading it after a later write rejects with NotReadableError.
 * Rejects with the browser's own exceptions: NotFoundError when there is no such file, SecurityError in Firefox's
 * private windows (153), TypeError where there is no OPFS at all.
 */
export async function opfsFile(transferId: string, fileIndex: number, directory = TRANSFERS_DIRECTORY): Promise<File> {
  const root = await navigator.storage.getDirectory();
  const transfers = await root.getDirectoryHandle(directory);
  const files = await transfers.getDirectoryHandle(transferId);
  const handle = await files.getFileHandle(String(fileIndex));
  return handle.getFile();
}
