import { TransferError } from '../../core/errors.ts';
import type { StoredFile } from '../../ports/block-store.ts';
import type { FolderStore, Recalled } from '../../ports/folder-store.ts';
import type { ManifestFile } from '../../ports/journal.ts';
import { checkFileKey, checkFileSize, checkTransferId } from './file-key.ts';
import { tryRealmLock } from './file-lock.ts';
import { folderError } from './folder-error.ts';
import { FolderFile } from './folder-file.ts';
import { FolderPaths } from './folder-paths.ts';
import { FolderPlan } from './folder-plan.ts';
import { storageError } from './storage-error.ts';

/** Look-ups at once when a transfer is taken up again. */
const LOOKUPS_AT_ONCE = 16;

/**
 * `FolderStore` over the File System Access API (Chromium), in a window or a worker. The origin private file system has
 * the same handles in every browser, which is what the contract runs on.
 *
 * What is ours in the folder: the path that `plan` chose was free then, so what is there later is ours. Within one life
 * of the page `open` checks that again; after a reload nobody can tell, and it is trusted.
 *
 * Locks are those of this realm: across tabs the transfer's own lock says who may write.
 */
export class FolderBlockStore implements FolderStore {
  readonly kind = 'folder';
  readonly name: string;
  readonly #lockScope: string;
  readonly #paths: FolderPaths;
  readonly #plan: FolderPlan;
  readonly #files: ManifestFile[] = [];
  /** By file index: made by `open`, or (taken up again) maybe there from before. */
  readonly #made = new Set<number>();
  /** Of those that were there: what they were. */
  readonly #snapshots = new Map<number, Promise<File | undefined>>();
  /** Of those that were there: what is coming differs. */
  readonly #differing = new Set<number>();

  /** @param lockScope stores with the same one respect each other's locks; only tests need more than one realm */
  constructor(folder: FileSystemDirectoryHandle, lockScope = 'folder') {
    this.name = folder.name;
    this.#lockScope = lockScope;
    this.#paths = new FolderPaths(folder);
    this.#plan = new FolderPlan(this.#paths);
  }

  async plan(firstFile: number, files: readonly ManifestFile[]): Promise<readonly ManifestFile[]> {
    try {
      // Those that are known were planned before: the journal could not take them.
      const fresh = await this.#plan.add(files.slice(Math.max(0, this.#files.length - firstFile)));
      this.#files.push(...fresh);
      return this.#files.slice(firstFile, firstFile + files.length);
    } catch (cause) {
      throw folderError(cause, 'plan');
    }
  }

  async recall(files: readonly ManifestFile[]): Promise<Recalled> {
    this.#files.push(...files);
    this.#plan.recall(files);
    for (const index of files.keys()) this.#made.add(index);
    const existing: number[] = [];
    const presentBytes: number[] = [];
    try {
      for (let at = 0; at < files.length; at += LOOKUPS_AT_ONCE) {
        const some = files.slice(at, at + LOOKUPS_AT_ONCE);
        const found = await Promise.all(some.map((file, i) => this.#recallOne(at + i, file)));
        existing.push(...found.flatMap(({ isExisting }, i) => (isExisting ? [at + i] : [])));
        presentBytes.push(...found.map((one) => one.presentBytes));
      }
      return { existing, presentBytes };
    } catch (cause) {
      throw folderError(cause, 'recall');
    }
  }

  async existing(fileIndex: number): Promise<Blob | undefined> {
    if (this.#files[fileIndex]?.existingModifiedEpochMs === undefined) return undefined;
    const snapshot = this.#snapshots.get(fileIndex) ?? this.#look(fileIndex);
    this.#snapshots.set(fileIndex, snapshot);
    try {
      return await snapshot;
    } catch (cause) {
      this.#snapshots.delete(fileIndex);
      throw folderError(cause, `look at ${fileIndex}`);
    }
  }

  isDiffering(fileIndex: number): boolean {
    return this.#differing.has(fileIndex);
  }

  isFolder(fileIndex: number): boolean {
    return this.#files[fileIndex]?.isFolder === true;
  }

  async createFolder(fileIndex: number): Promise<void> {
    try {
      await this.#paths.makeFolder(this.#savePath(fileIndex));
    } catch (cause) {
      throw folderError(cause, `create folder ${fileIndex}`);
    }
  }

  async open(transferId: string, fileIndex: number, sizeBytes: number): Promise<StoredFile> {
    checkFileKey(transferId, fileIndex);
    checkFileSize(sizeBytes);
    const what = `open ${transferId}/${fileIndex}`;
    const path = this.#savePath(fileIndex);
    const seed = await this.existing(fileIndex);
    const unlock = await this.#lockFile(transferId, fileIndex, what);
    let isNew = false;
    try {
      isNew = (await this.#paths.find(path)).kind !== 'file';
      if (!isNew && !this.#made.has(fileIndex)) {
        throw new TransferError('storage-failed', 'host', `${what}: something has appeared at ${path}`);
      }
      const handle = await this.#paths.makeFile(path);
      const file = await FolderFile.open({ transferId, fileIndex, path }, handle, sizeBytes, seed, unlock);
      this.#made.add(fileIndex);
      this.#differing.add(fileIndex);
      return file;
    } catch (cause) {
      // It stays only where it was there before; that it cannot be removed either is not the news.
      if (isNew) await this.#paths.removeFile(path).catch(() => {});
      await unlock();
      throw folderError(cause, what);
    }
  }

  async blob(transferId: string, fileIndex: number): Promise<Blob> {
    checkFileKey(transferId, fileIndex);
    const what = `blob ${transferId}/${fileIndex}`;
    try {
      const found = await this.#paths.find(this.#savePath(fileIndex));
      if (found.kind === 'file') return await found.handle.getFile();
    } catch (cause) {
      throw folderError(cause, what);
    }
    throw new TransferError('storage-failed', 'host', `${what}: it does not exist`);
  }

  async remove(transferId: string): Promise<void> {
    checkTransferId(transferId);
    const what = `remove ${transferId}`;
    const lock = tryRealmLock(this.#lockName(transferId), 'exclusive');
    if (lock === undefined) throw new TransferError('storage-failed', 'host', `${what}: a file of it is open`);
    try {
      for (const fileIndex of this.#made) await this.removeFile(fileIndex);
      await this.#paths.removeEmptyFolders();
    } catch (cause) {
      throw folderError(cause, what);
    } finally {
      await lock.release();
    }
  }

  async removeFile(fileIndex: number): Promise<void> {
    const file = this.#files[fileIndex];
    if (file === undefined || file.isFolder === true || !this.#made.has(fileIndex)) return;
    try {
      await this.#paths.removeFile(this.#savePath(fileIndex));
    } catch (cause) {
      throw folderError(cause, `remove file ${fileIndex}`);
    }
  }

  /** None: nobody goes through a person's folders. What is left there is theirs to delete. */
  async list(): Promise<readonly string[]> {
    return [];
  }

  async #recallOne(fileIndex: number, { sizeBytes }: ManifestFile) {
    const found = await this.#paths.find(this.#savePath(fileIndex));
    const size = found.kind === 'file' ? (await found.handle.getFile()).size : 0;
    // An empty file is what a crash leaves before the first flush.
    const isReceived = size > 0 || (sizeBytes === 0 && found.kind === 'file');
    if (isReceived) this.#snapshots.set(fileIndex, Promise.resolve(undefined));
    const isExisting = (await this.existing(fileIndex)) !== undefined;
    return { isExisting, presentBytes: isExisting ? sizeBytes : size };
  }

  async #look(fileIndex: number): Promise<File | undefined> {
    const { path, sizeBytes, existingModifiedEpochMs } = this.#files[fileIndex] ?? { path: '', sizeBytes: 0 };
    const found = await this.#paths.find(path);
    if (found.kind !== 'file') return undefined;
    const file = await found.handle.getFile();
    return file.size === sizeBytes && file.lastModified === existingModifiedEpochMs ? file : undefined;
  }

  #savePath(fileIndex: number): string {
    const file = this.#files[fileIndex];
    if (file !== undefined) return file.savePath ?? file.path;
    throw storageError(new TransferError('internal', 'local', `file ${fileIndex} was not planned`), 'path');
  }

  #lockName(transferId: string): string {
    return `${this.#lockScope} ${transferId}`;
  }

  /** One opener for the file, and none may remove its transfer. */
  async #lockFile(transferId: string, fileIndex: number, what: string): Promise<() => Promise<void>> {
    const transferLock = tryRealmLock(this.#lockName(transferId), 'shared');
    const fileLock = tryRealmLock(this.#lockName(`${transferId}/${fileIndex}`), 'exclusive');
    const release = async (): Promise<void> => {
      await fileLock?.release();
      await transferLock?.release();
    };
    if (transferLock !== undefined && fileLock !== undefined) return release;
    await release();
    throw new TransferError('storage-failed', 'host', `${what}: it is open already`);
  }
}
