import { numberedPath, UniquePaths } from '../../core/transfer/names.ts';
import type { ManifestFile } from '../../ports/journal.ts';
import type { FolderPaths, Found } from './folder-paths.ts';

/** Look-ups at once: each is a round trip to the browser's process. */
const LOOKUPS_AT_ONCE = 16;

/** Decides where the files of one transfer go in a picked folder, so that nothing that is there is overwritten. */
export class FolderPlan {
  readonly #paths: FolderPaths;
  readonly #taken = new UniquePaths();

  constructor(paths: FolderPaths) {
    this.#paths = paths;
  }

  /** Pages in order, each once. Gives the files with `savePath` and `existingModifiedEpochMs`. */
  async add(files: readonly ManifestFile[]): Promise<readonly ManifestFile[]> {
    // First every file's own path: no other file's second choice takes it.
    const wanted = files.map(({ path, isFolder }) => this.#taken.claim(path, isFolder === true ? 'folder' : 'file'));
    const planned: ManifestFile[] = [];
    for (let at = 0; at < files.length; at += LOOKUPS_AT_ONCE) {
      const some = files.slice(at, at + LOOKUPS_AT_ONCE);
      planned.push(...(await Promise.all(some.map((file, i) => this.#place(file, wanted[at + i] ?? file.path)))));
    }
    return planned;
  }

  /** What was decided in an earlier life of the page. */
  recall(files: readonly ManifestFile[]): void {
    for (const { path, savePath, isFolder } of files) {
      const kind = isFolder === true ? 'folder' : 'file';
      for (const taken of [path, savePath ?? path]) if (this.#taken.isFree(taken, kind)) this.#taken.claim(taken, kind);
    }
  }

  async #place(file: ManifestFile, path: string): Promise<ManifestFile> {
    const found = await this.#paths.find(path);
    if (isFree(found, file)) return path === file.path ? file : { ...file, savePath: path };
    const savePath = await this.#freePath(file, path, found);
    if (found.kind !== 'file' || path !== file.path || file.isFolder === true) return { ...file, savePath };
    const { size, lastModified } = await found.handle.getFile();
    return { ...file, savePath, ...(size === file.sizeBytes ? { existingModifiedEpochMs: lastModified } : {}) };
  }

  async #freePath(file: ManifestFile, path: string, found: Found): Promise<string> {
    const kind = file.isFolder === true ? 'folder' : 'file';
    for (let number = 2; ; number++) {
      const candidate = anotherPath(path, found, number);
      if (!this.#taken.isFree(candidate, kind)) continue;
      if (!isFree(await this.#paths.find(candidate), file)) continue;
      // Others were looking at the same time.
      if (this.#taken.isFree(candidate, kind)) return this.#taken.claim(candidate, kind);
    }
  }
}

function isFree(found: Found, file: ManifestFile): boolean {
  return found.kind === 'nothing' || (found.kind === 'folder' && file.isFolder === true);
}

function anotherPath(path: string, found: Found, number: number): string {
  // `x.lnk` becomes `x.lnk_`: with another ending it is harmless, and allowed.
  if (found.kind === 'refused') return `${path}${'_'.repeat(number - 1)}`;
  if (found.kind !== 'blocked') return numberedPath(path, number);
  const names = path.split('/');
  const way = names.slice(0, found.nameIndex + 1).join('/');
  return [numberedPath(way, number), ...names.slice(found.nameIndex + 1)].join('/');
}
