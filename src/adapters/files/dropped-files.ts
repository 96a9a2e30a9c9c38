import type { PickedItem, ReadingOptions } from '../../ports/source-picker.ts';
import type { DroppedItem } from './file-system-access.ts';
import { entryNode, handleNode, readTree, type SourceRoot } from './source-tree.ts';

/**
 * The files and folders of a drop or a paste, in the order of the browser. With handles in Chromium, so that they can be
 * opened again after a reload. Call it inside the event handler: the items are gone when the event is over.
 * Rejects as `SourcePicker` does.
 */
export async function droppedFiles(
  transfer: DataTransfer,
  options: ReadingOptions = {},
): Promise<readonly PickedItem[]> {
  // All of it before the first await: afterwards the DataTransfer is empty.
  const items: readonly DroppedItem[] = Array.from(transfer.items).filter(({ kind }) => kind === 'file');
  const dropped = items.map((item) => ({
    // What is no file on disk rejects or gives null; it is read by the other ways then, which tell what is wrong.
    handle: item.getAsFileSystemHandle?.().catch(() => null),
    entry: item.webkitGetAsEntry?.() ?? undefined,
    file: item.getAsFile() ?? undefined,
  }));
  const plainFiles = Array.from(transfer.files);
  const roots =
    dropped.length === 0
      ? plainFiles.map(fileRoot)
      : (
          await Promise.all(dropped.map(async ({ handle, ...other }) => rootOf({ ...other, handle: await handle })))
        ).flat();
  return readTree(roots, options);
}

interface Dropped {
  readonly handle: FileSystemHandle | null | undefined;
  readonly entry: FileSystemEntry | undefined;
  readonly file: File | undefined;
}

function rootOf({ handle, entry, file }: Dropped): readonly SourceRoot[] {
  if (handle !== null && handle !== undefined) return [{ node: handleNode(handle), handle }];
  if (entry !== undefined) return [{ node: entryNode(entry) }];
  return file === undefined ? [] : [fileRoot(file)];
}

function fileRoot(file: File): SourceRoot {
  return { node: { kind: 'file', path: file.name, open: async () => file } };
}
