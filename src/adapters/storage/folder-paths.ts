import { errorName } from '../exceptions.ts';

/** What a path of a picked folder leads to. */
export type Found =
  | { readonly kind: 'nothing' | 'folder' }
  | { readonly kind: 'file'; readonly handle: FileSystemFileHandle }
  /** The name of this number on the way is one of a file. */
  | { readonly kind: 'blocked'; readonly nameIndex: number }
  /** A name that the browser does not let pages use: Chromium 156 refuses `x.lnk`, for example. */
  | { readonly kind: 'refused' };

/**
 * Folders within a picked folder, by their relative paths with `/`. Handles are kept: each step on the way costs a round
 * trip to the browser's process.
 */
export class FolderPaths {
  readonly #root: FileSystemDirectoryHandle;
  readonly #folders = new Map<string, FileSystemDirectoryHandle>();
  /** Made by `makeFolder`, outer ones first. */
  readonly #made = new Set<string>();

  constructor(root: FileSystemDirectoryHandle) {
    this.#root = root;
  }

  /** Rejects with the browser's own exceptions, where it is not about what is there. */
  async find(path: string): Promise<Found> {
    const names = path.split('/');
    let folder = this.#root;
    for (const [nameIndex, name] of names.slice(0, -1).entries()) {
      const folderPath = names.slice(0, nameIndex + 1).join('/');
      const found = this.#folders.get(folderPath) ?? (await tryGet(() => folder.getDirectoryHandle(name)));
      if (found === 'nothing' || found === 'refused') return { kind: found };
      if (found === 'other') return { kind: 'blocked', nameIndex };
      this.#folders.set(folderPath, found);
      folder = found;
    }
    const found = await tryGet(() => folder.getFileHandle(names.at(-1) ?? ''));
    if (found === 'other') return { kind: 'folder' };
    return typeof found === 'string' ? { kind: found } : { kind: 'file', handle: found };
  }

  /** The file's handle; the file and the folders on the way to it are made, where they are not there. */
  async makeFile(path: string): Promise<FileSystemFileHandle> {
    const { folderPath, name } = split(path);
    const folder = await this.makeFolder(folderPath);
    try {
      return await folder.getFileHandle(name, { create: true });
    } catch (cause) {
      // Its folder may be gone since it was remembered.
      this.#folders.clear();
      throw cause;
    }
  }

  /** @param path '' is the picked folder itself */
  async makeFolder(path: string): Promise<FileSystemDirectoryHandle> {
    if (path === '') return this.#root;
    const known = this.#folders.get(path);
    if (known !== undefined) return known;
    const { folderPath, name } = split(path);
    const outer = await this.makeFolder(folderPath);
    const isThere = (await tryGet(() => outer.getDirectoryHandle(name))) !== 'nothing';
    const made = await outer.getDirectoryHandle(name, { create: true });
    if (!isThere) this.#made.add(path);
    this.#folders.set(path, made);
    return made;
  }

  /** What is not there is fine. */
  async removeFile(path: string): Promise<void> {
    if ((await this.find(path)).kind !== 'file') return;
    const { folderPath, name } = split(path);
    await (await this.makeFolder(folderPath)).removeEntry(name);
  }

  /** Removes the folders that were made here and have nothing in them. */
  async removeEmptyFolders(): Promise<void> {
    this.#folders.clear();
    for (const path of [...this.#made].toReversed()) {
      const { folderPath, name } = split(path);
      try {
        await (await this.makeFolder(folderPath)).removeEntry(name);
      } catch (cause) {
        // Something is in there that is not ours, or somebody removed it before us.
        if (!['InvalidModificationError', 'NotFoundError'].includes(errorName(cause))) throw cause;
      }
    }
    this.#made.clear();
    this.#folders.clear();
  }
}

function split(path: string): { readonly folderPath: string; readonly name: string } {
  const at = path.lastIndexOf('/');
  return { folderPath: at < 0 ? '' : path.slice(0, at), name: path.slice(at + 1) };
}

/** `other`: a file where a folder is wanted, or the other way round. */
async function tryGet<T>(get: () => Promise<T>): Promise<T | 'nothing' | 'other' | 'refused'> {
  try {
    return await get();
  } catch (cause) {
    switch (errorName(cause)) {
      case 'NotFoundError':
        return 'nothing';
      case 'TypeMismatchError':
        return 'other';
      case 'TypeError':
        return 'refused';
      default:
        throw cause;
    }
  }
}
