import { TransferError } from '../../core/errors.ts';
import { describeCause } from '../exceptions.ts';

export interface DroppedFile {
  /** undefined: a folder with nothing in it. */
  readonly file: File | undefined;
  /** Relative to what was dropped, with `/`: 'holiday/beach/1.jpg' for a file in a dropped folder, else its name. */
  readonly path: string;
}

/**
 * The files of a drop or a paste, with those inside dropped folders, in the order of the browser, and
 * empty folders. Call it inside the event handler: the items are gone when the event is over.
 *
 * Rejects with 'file-unreadable', origin 'host', when a folder or a file cannot be read.
 */
export async function droppedFiles(transfer: DataTransfer): Promise<readonly DroppedFile[]> {
  // All of it before the first await: afterwards the DataTransfer is empty.
  const roots = Array.from(transfer.items)
    .filter((item) => item.kind === 'file')
    .map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile());
  const plainFiles = Array.from(transfer.files);
  if (roots.length === 0) return plainFiles.map((file) => ({ file, path: file.name }));

  const found: DroppedFile[] = [];
  for (const root of roots) {
    if (root instanceof File) found.push({ file: root, path: root.name });
    else if (root !== null) await collect(root, found);
  }
  return found;
}

async function collect(entry: FileSystemEntry, found: DroppedFile[]): Promise<void> {
  try {
    if (isFileEntry(entry)) {
      const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
      found.push({ file, path: entry.fullPath.replace(/^\/+/, '') });
    } else if (isDirectoryEntry(entry)) {
      const children = await readAllEntries(entry);
      if (children.length === 0) found.push({ file: undefined, path: entry.fullPath.replace(/^\/+/, '') });
      for (const child of children) await collect(child, found);
    }
  } catch (cause) {
    if (cause instanceof TransferError) throw cause;
    throw new TransferError('file-unreadable', 'host', `dropped ${entry.fullPath}: ${describeCause(cause)}`, cause);
  }
}

/** `readEntries` gives a batch (100 in Chromium), and an empty one at the end (File and Directory Entries API §7.3). */
async function readAllEntries(directory: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = directory.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return entries;
    entries.push(...batch);
  }
}

function isFileEntry(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isDirectoryEntry(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
