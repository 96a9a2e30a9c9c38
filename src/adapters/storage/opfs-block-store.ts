import type { Bytes } from '../../core/bytes.ts';
import { TransferError } from '../../core/errors.ts';
import type { BlockStore, StoredFile } from '../../ports/block-store.ts';
import { describeCause, errorName } from '../exceptions.ts';
import { checkFileKey, checkFileSize, checkRange, checkTransferId, closedFileError } from './file-key.ts';
import { TRANSFERS_DIRECTORY, hasSyncAccess, opfsFile } from './opfs-files.ts';
import type { SyncAccessHandle } from './opfs-files.ts';
import { storageError } from './storage-error.ts';

const PROBE_NAME = 'heliograph-probe';

/**
 * Received files in the origin private file system, through sync access handles: dedicated workers only.
 *
 * What claiming the space (`truncate` to the full size) really guarantees: the browser's quota is charged with the
 * whole size, so that a transfer that cannot fit fails before its first byte. It does not reserve blocks on the disk:
 * Chromium 156 and Firefox 153 make a sparse file (Chromium took 100 GiB with 79 GiB free, in 1 ms; November 2026).
 * If other programs fill the disk meanwhile, `write` still rejects with 'disk-full', and the file keeps what it had.
 *
 * The browser's lock on a sync access handle is the "one opener at a time", for other tabs as well; it goes with its
 * worker (a reload frees it before the new page's first request, measured on both).
 */
export class OpfsBlockStore implements BlockStore {
  readonly kind = 'opfs';
  readonly #directory: string;
  readonly #transfers: FileSystemDirectoryHandle;

  private constructor(directory: string, transfers: FileSystemDirectoryHandle) {
    this.#directory = directory;
    this.#transfers = transfers;
  }

  /**
   * Rejects with 'storage-unavailable' where OPFS or sync access handles are refused: in a window, in a private window
   * of Firefox (SecurityError), without a secure context, in old browsers.
   *
   * @param directory directory in the OPFS root; only tests need another one
   */
  static async open(directory: string = TRANSFERS_DIRECTORY): Promise<OpfsBlockStore> {
    try {
      const root = await navigator.storage.getDirectory();
      await probeSyncAccess(root);
      return new OpfsBlockStore(directory, await root.getDirectoryHandle(directory, { create: true }));
    } catch (cause) {
      if (cause instanceof TransferError) throw cause;
      throw new TransferError('storage-unavailable', 'host', `OPFS: ${describeCause(cause)}`, cause);
    }
  }

  async open(transferId: string, fileIndex: number, sizeBytes: number): Promise<StoredFile> {
    checkFileKey(transferId, fileIndex);
    checkFileSize(sizeBytes);
    const what = `open ${transferId}/${fileIndex}`;
    try {
      const files = await this.#transfers.getDirectoryHandle(transferId, { create: true });
      const name = String(fileIndex);
      const existing = await unlessMissing(files.getFileHandle(name));
      const fileHandle = existing ?? (await files.getFileHandle(name, { create: true }));
      if (!hasSyncAccess(fileHandle)) throw new TransferError('storage-unavailable', 'host', `${what}: not a worker`);
      const handle = await fileHandle.createSyncAccessHandle();
      try {
        await claim(handle, sizeBytes, what);
      } catch (cause) {
        await handle.close();
        if (existing === undefined) await this.#removeUnclaimed(transferId, files, name);
        throw cause;
      }
      return new OpfsFile(handle, sizeBytes, transferId, fileIndex);
    } catch (cause) {
      throw storageError(cause, what);
    }
  }

  async blob(transferId: string, fileIndex: number): Promise<Blob> {
    checkFileKey(transferId, fileIndex);
    try {
      return await opfsFile(transferId, fileIndex, this.#directory);
    } catch (cause) {
      throw storageError(cause, `blob ${transferId}/${fileIndex}`);
    }
  }

  async remove(transferId: string): Promise<void> {
    checkTransferId(transferId);
    try {
      await unlessMissing(this.#transfers.removeEntry(transferId, { recursive: true }));
    } catch (cause) {
      throw storageError(cause, `remove ${transferId}`);
    }
  }

  async list(): Promise<readonly string[]> {
    try {
      const transferIds: string[] = [];
      for await (const [transferId, handle] of this.#transfers.entries()) {
        if (isDirectory(handle) && !(await isEmpty(handle))) transferIds.push(transferId);
      }
      return transferIds;
    } catch (cause) {
      throw storageError(cause, 'list');
    }
  }

  /** Undoes the creation of a file that does not fit. */
  async #removeUnclaimed(transferId: string, files: FileSystemDirectoryHandle, name: string): Promise<void> {
    await files.removeEntry(name);
    if (await isEmpty(files)) await unlessMissing(this.#transfers.removeEntry(transferId));
  }
}

class OpfsFile implements StoredFile {
  readonly sizeBytes: number;
  readonly #transferId: string;
  readonly #fileIndex: number;
  #handle: SyncAccessHandle | undefined;

  constructor(handle: SyncAccessHandle, sizeBytes: number, transferId: string, fileIndex: number) {
    this.#handle = handle;
    this.sizeBytes = sizeBytes;
    this.#transferId = transferId;
    this.#fileIndex = fileIndex;
  }

  async write(offset: number, bytes: Bytes): Promise<void> {
    checkRange('write', offset, bytes.length, this.sizeBytes);
    const handle = this.#opened('write');
    const what = this.#what('write', offset);
    try {
      for (let done = 0; done < bytes.length;) {
        const count = handle.write(done === 0 ? bytes : bytes.subarray(done), { at: offset + done });
        // How Firefox 153 (0) and Chromium 156 incognito (2^32 - 8) say that there is no room left.
        if (count === 0 || count > bytes.length - done) {
          throw new TransferError('disk-full', 'host', `${what}: ${done} of ${bytes.length} bytes written`);
        }
        done += count;
      }
    } catch (cause) {
      throw storageError(cause, what);
    }
  }

  async read(offset: number, length: number, into?: Bytes): Promise<Bytes> {
    checkRange('read', offset, length, this.sizeBytes);
    const handle = this.#opened('read');
    const what = this.#what('read', offset);
    try {
      const bytes = into?.subarray(0, length) ?? new Uint8Array(length);
      for (let done = 0; done < length;) {
        const count = handle.read(bytes.subarray(done), { at: offset + done });
        if (count === 0 || count > length - done) {
          throw new TransferError('storage-failed', 'host', `${what}: ${done} of ${length} bytes read`);
        }
        done += count;
      }
      return bytes;
    } catch (cause) {
      throw storageError(cause, what);
    }
  }

  async flush(): Promise<void> {
    const handle = this.#opened('flush');
    try {
      await handle.flush();
    } catch (cause) {
      throw storageError(cause, this.#what('flush', 0));
    }
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    try {
      await handle?.close();
    } catch (cause) {
      throw storageError(cause, this.#what('close', 0));
    }
  }

  #opened(operation: string): SyncAccessHandle {
    if (this.#handle === undefined) throw closedFileError(operation, this.#transferId, this.#fileIndex);
    return this.#handle;
  }

  #what(operation: string, offset: number): string {
    return `${operation} ${this.#transferId}/${this.#fileIndex} at ${offset}`;
  }
}

/** Makes the file `sizeBytes` long. Where that fails, the file is as long as it was. */
async function claim(handle: SyncAccessHandle, sizeBytes: number, what: string): Promise<void> {
  const before = await handle.getSize();
  if (before === sizeBytes) return;
  let failure: unknown;
  try {
    await handle.truncate(sizeBytes);
  } catch (cause) {
    failure = cause;
  }
  // Chromium 156 incognito keeps files in memory, 1 GiB each at most, and `truncate` to more does nothing, in silence.
  if (failure === undefined && (await handle.getSize()) === sizeBytes) return;
  // Any failure to grow is one of room: Firefox 153 throws NS_ERROR_FAILURE above the file system's largest size.
  const isRoom = sizeBytes > before && errorName(failure) !== 'InvalidStateError';
  const message = `${what}: could not make it ${sizeBytes} bytes long, ${describeCause(failure)}`;
  throw new TransferError(isRoom ? 'disk-full' : 'storage-failed', 'host', message, failure);
}

/** Throws unless sync access handles really work here. Nothing is written: a full disk still opens. */
async function probeSyncAccess(root: FileSystemDirectoryHandle): Promise<void> {
  const fileHandle = await root.getFileHandle(PROBE_NAME, { create: true });
  if (!hasSyncAccess(fileHandle)) {
    throw new TransferError('storage-unavailable', 'host', 'OPFS: no createSyncAccessHandle here');
  }
  try {
    const handle = await fileHandle.createSyncAccessHandle();
    await handle.close();
    await root.removeEntry(PROBE_NAME);
  } catch (cause) {
    // Another tab is probing at this moment (the file is locked, or gone already): so it works.
    if (!['NoModificationAllowedError', 'NotFoundError'].includes(errorName(cause))) throw cause;
  }
}

function isDirectory(handle: FileSystemHandle): handle is FileSystemDirectoryHandle {
  return handle.kind === 'directory';
}

async function isEmpty(directory: FileSystemDirectoryHandle): Promise<boolean> {
  for await (const name of directory.keys()) return name === undefined;
  return true;
}

async function unlessMissing<T>(operation: Promise<T>): Promise<T | undefined> {
  try {
    return await operation;
  } catch (cause) {
    if (errorName(cause) === 'NotFoundError') return undefined;
    throw cause;
  }
}
