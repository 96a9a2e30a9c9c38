import { TransferError } from '../../core/errors.ts';
import { comparePaths } from '../../core/path-order.ts';
import { MAX_FILES } from '../../core/wire/limits.ts';
import type { PickedItem, ReadingOptions } from '../../ports/source-picker.ts';
import type { OutgoingFile } from '../../ports/transfer-engine.ts';
import { describeCause } from '../exceptions.ts';
import { isDirectoryHandle, isFileHandle } from './file-system-access.ts';

/** A file or folder that can be looked into, whatever API it came by. */
export type SourceNode =
  | { readonly kind: 'file'; readonly path: string; readonly open: () => Promise<File> }
  | { readonly kind: 'folder'; readonly path: string; readonly list: () => Promise<readonly SourceNode[]> };

export interface SourceRoot {
  readonly node: SourceNode;
  readonly handle?: FileSystemHandle;
}

/**
 * Questions to the browser that are on their way at once: each is a message to another process and back, and one after
 * the other 10 000 files would take many seconds. The page stays usable, since every batch waits for the browser.
 */
const BATCH = 32;

interface Pending {
  readonly node: SourceNode;
  readonly found: OutgoingFile[];
}

/**
 * Walks through everything, folders that have nothing in them included.
 *
 * @param onUnreadable `skip`: leaves out what cannot be read; a root that is gone is left out as a whole
 */
export async function readTree(
  roots: readonly SourceRoot[],
  { onFound, signal }: ReadingOptions = {},
  onUnreadable: 'reject' | 'skip' = 'reject',
): Promise<readonly PickedItem[]> {
  const lists = roots.map(({ node, handle }) => ({ node, handle, found: [] as OutgoingFile[] }));
  // The last one is looked at next, so that what is open stays within few folders, however many there are.
  const pending: Pending[] = lists.toReversed();
  let count = 0;
  while (pending.length > 0) {
    const batch = pending.splice(-BATCH);
    const visited = await Promise.all(
      batch.map(async ({ node, found }) => {
        try {
          return { found, visited: await visit(node) };
        } catch (cause) {
          if (onUnreadable === 'skip') return { found, visited: NOTHING };
          throw new TransferError('file-unreadable', 'host', `read ${node.path}: ${describeCause(cause)}`, cause);
        }
      }),
    );
    signal?.throwIfAborted();
    for (const {
      found,
      visited: { files, inside },
    } of visited) {
      for (const file of files) found.push(file);
      for (const node of inside) pending.push({ node, found });
      count += files.length;
    }
    if (count > MAX_FILES) throw new TransferError('limit-exceeded', 'host', `picked more than ${MAX_FILES} files`);
    onFound?.(count);
  }
  return lists
    .filter(({ found }) => found.length > 0)
    .map(({ node, handle, found }) => ({
      kind: node.kind,
      name: node.path,
      files: found.toSorted((a, b) => comparePaths(a.path, b.path)),
      handle,
    }));
}

interface Visited {
  readonly files: readonly OutgoingFile[];
  readonly inside: readonly SourceNode[];
}

const NOTHING: Visited = { files: [], inside: [] };

async function visit(node: SourceNode): Promise<Visited> {
  if (node.kind === 'file') return { files: [{ path: node.path, file: await node.open() }], inside: [] };
  const inside = await node.list();
  return { files: inside.length === 0 ? [{ path: node.path, file: undefined }] : [], inside };
}

/** @param folder path of the folder that it is in, with a slash at the end; nothing for a root */
export function handleNode(handle: FileSystemHandle, folder = ''): SourceNode {
  const path = folder + handle.name;
  if (isFileHandle(handle)) return { kind: 'file', path, open: () => handle.getFile() };
  if (!isDirectoryHandle(handle)) {
    throw new TransferError('file-unreadable', 'host', `${path} is neither a file nor a folder: ${handle.kind}`);
  }
  return {
    kind: 'folder',
    path,
    async list() {
      const inside: SourceNode[] = [];
      for await (const child of handle.values()) inside.push(handleNode(child, `${path}/`));
      return inside;
    },
  };
}

/** Of the File and Directory Entries API, which every browser has, and which gives no handles. */
export function entryNode(entry: FileSystemEntry): SourceNode {
  const path = entry.fullPath.replace(/^\/+/, '');
  if (isFileEntry(entry)) {
    return { kind: 'file', path, open: () => new Promise<File>((resolve, reject) => entry.file(resolve, reject)) };
  }
  if (!isDirectoryEntry(entry)) {
    throw new TransferError('file-unreadable', 'host', `dropped ${path} is neither a file nor a folder`);
  }
  return { kind: 'folder', path, list: async () => (await readAllEntries(entry)).map(entryNode) };
}

/** `readEntries` gives a batch (100 in Chromium), and an empty one at the end (File and Directory Entries API §7.3). */
async function readAllEntries(directory: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = directory.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return entries;
    for (const entry of batch) entries.push(entry);
  }
}

function isFileEntry(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isDirectoryEntry(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
