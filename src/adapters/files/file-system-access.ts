/**
 * The part of the File System Access API (WICG, Chromium only, as of November 2026) that we use and the DOM lib does not
 * declare. Everything may be missing.
 */
export interface PermissionHandle extends FileSystemHandle {
  queryPermission?(descriptor: { mode: 'read' }): Promise<PermissionState>;
  /** Rejects with SecurityError outside a click (transient activation). */
  requestPermission?(descriptor: { mode: 'read' }): Promise<PermissionState>;
}

export interface PickerWindow {
  showOpenFilePicker?(options: { multiple: boolean; id?: string }): Promise<readonly FileSystemFileHandle[]>;
  showDirectoryPicker?(options: { mode: 'read'; id?: string }): Promise<FileSystemDirectoryHandle>;
}

declare global {
  // oxlint-disable-next-line typescript/no-empty-object-type -- adds what the DOM lib leaves out
  interface Window extends PickerWindow {}
}

export interface DroppedItem extends DataTransferItem {
  /** null for what is no file on disk: a picture out of a page, say. */
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}

export function isFileHandle(handle: FileSystemHandle): handle is FileSystemFileHandle {
  return handle.kind === 'file';
}

export function isDirectoryHandle(handle: FileSystemHandle): handle is FileSystemDirectoryHandle {
  return handle.kind === 'directory';
}
