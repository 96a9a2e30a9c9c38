import type { ReceivedFiles } from '../../ports/received-files.ts';
import { TransferError } from '../../core/errors.ts';
import type { SaveEntry, SaveJob, SaveListener } from '../../ports/saver.ts';
import { describeCause, errorName } from '../exceptions.ts';
import { storageError } from '../storage/storage-error.ts';

/** Handed to the browser in one `write`: a slice of a Blob, which is copied from file to file outside of this process. */
const SLICE_BYTES = 8 * 1024 * 1024;

/** `showDirectoryPicker` (File System Access), which TypeScript's DOM library does not have. */
interface PickerWindow {
  showDirectoryPicker(options: { readonly id: string; readonly mode: 'readwrite' }): Promise<FileSystemDirectoryHandle>;
}

export function canPickFolder(): boolean {
  return hasPicker(globalThis);
}

/** Call in the task of a click. undefined: the person changed their mind. Rejects with 'save-failed'. */
export async function pickFolder(): Promise<FileSystemDirectoryHandle | undefined> {
  const scope: unknown = globalThis;
  if (!hasPicker(scope)) throw new TransferError('save-failed', 'host', 'there is no showDirectoryPicker here');
  try {
    // The browser remembers the place by this id, and opens there the next time.
    return await scope.showDirectoryPicker({ id: 'received', mode: 'readwrite' });
  } catch (cause) {
    if (errorName(cause) === 'AbortError') return undefined;
    throw new TransferError('save-failed', 'host', `showDirectoryPicker: ${describeCause(cause)}`, cause);
  }
}

/**
 * Copies received files into a folder, file by file, with sub-folders and empty ones. What is there is never touched:
 * where the folder has a `trip` already, all of the new one goes into `trip (2)`. Each file appears under its name only
 * when it is complete (`createWritable` writes a temporary file first). Times are lost: the interface cannot set them.
 *
 * Rejects with 'disk-full' or 'save-failed', and with what `blob` rejects with. What was saved before stays.
 */
export async function saveToFolder(
  { transferId, entries }: SaveJob,
  folder: FileSystemDirectoryHandle,
  blob: ReceivedFiles['blob'],
  { onProgress, signal }: SaveListener,
): Promise<'saved' | 'stopped'> {
  const tree = new TargetTree(folder);
  let done = 0;
  for (const entry of entries) {
    if (signal.aborted) return 'stopped';
    if (entry.isFolder === true) {
      await saving(entry, () => tree.folder(entry.path));
      continue;
    }
    const file = await blob(transferId, entry.stored, entry.sizeBytes);
    const isWhole = await saving(entry, async () =>
      writeFile(await tree.file(entry.path), file, signal, (bytes) => onProgress(done + bytes)),
    );
    if (!isWhole) return 'stopped';
    done += entry.sizeBytes;
  }
  return 'saved';
}

/** @returns false when it was stopped; nothing of the file is kept then */
async function writeFile(
  target: FileSystemFileHandle,
  file: Blob,
  signal: AbortSignal,
  onWritten: (bytes: number) => void,
): Promise<boolean> {
  const writable = await target.createWritable();
  try {
    for (let offset = 0; offset < file.size; offset += SLICE_BYTES) {
      if (signal.aborted) {
        await writable.abort();
        return false;
      }
      await writable.write(file.slice(offset, offset + SLICE_BYTES));
      onWritten(Math.min(file.size, offset + SLICE_BYTES));
    }
    await writable.close();
    return true;
  } catch (cause) {
    await writable.abort().catch(() => {
      // It has failed, and is being given up for that reason.
    });
    throw cause;
  }
}

/** Where the paths of one transfer go in a folder that may have things of these names. */
class TargetTree {
  readonly #root: FileSystemDirectoryHandle;
  /** By path in the transfer. Made by us, or already there below a folder made by us. */
  readonly #folders = new Map<string, FileSystemDirectoryHandle>();

  constructor(root: FileSystemDirectoryHandle) {
    this.#root = root;
  }

  /** Makes it, and the folders above it. */
  async folder(path: string): Promise<FileSystemDirectoryHandle> {
    const known = this.#folders.get(path);
    if (known !== undefined) return known;
    const { parent, name } = splitPath(path);
    const made =
      parent === ''
        ? await makeUnder(this.#root, name, (free) => this.#root.getDirectoryHandle(free, { create: true }))
        : await (await this.folder(parent)).getDirectoryHandle(name, { create: true });
    this.#folders.set(path, made);
    return made;
  }

  /** Makes an empty file. */
  async file(path: string): Promise<FileSystemFileHandle> {
    const { parent, name } = splitPath(path);
    const folder = parent === '' ? this.#root : await this.folder(parent);
    return makeUnder(folder, name, (free) => folder.getFileHandle(free, { create: true }));
  }
}

/**
 * Makes something under the first free one of `name`, `name (2)`, `name (3)`, … Some names Chromium refuses (`.lnk`,
 * `.url`: they could run something): those get `.download` at their end, as its own downloads do.
 */
async function makeUnder<T>(
  folder: FileSystemDirectoryHandle,
  name: string,
  make: (free: string) => Promise<T>,
): Promise<T> {
  try {
    return await make(await freeName(folder, name));
  } catch (cause) {
    if (errorName(cause) !== 'TypeError') throw cause;
    return make(await freeName(folder, `${name}.download`));
  }
}

async function freeName(folder: FileSystemDirectoryHandle, name: string): Promise<string> {
  const dot = name.lastIndexOf('.');
  const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  for (let number = 2, candidate = name; ; number++) {
    if (!(await isTaken(folder, candidate))) return candidate;
    candidate = `${stem} (${number})${extension}`;
  }
}

async function isTaken(folder: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  try {
    await folder.getFileHandle(name);
    return true;
  } catch (cause) {
    if (errorName(cause) === 'NotFoundError') return false;
    // There is a folder of that name.
    if (errorName(cause) === 'TypeMismatchError') return true;
    throw cause;
  }
}

function splitPath(path: string): { readonly parent: string; readonly name: string } {
  const slash = path.lastIndexOf('/');
  return { parent: path.slice(0, Math.max(0, slash)), name: path.slice(slash + 1) };
}

/** What the file system throws, translated: no room, or any other reason. */
async function saving<T>(entry: SaveEntry, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const error = storageError(cause, `save ${JSON.stringify(entry.path)}`);
    throw error.code === 'storage-failed' ? new TransferError('save-failed', 'host', error.message, cause) : error;
  }
}

function hasPicker(scope: unknown): scope is PickerWindow {
  return (
    typeof scope === 'object' &&
    scope !== null &&
    'showDirectoryPicker' in scope &&
    typeof scope.showDirectoryPicker === 'function'
  );
}
