import type { Bytes } from '../../core/bytes.ts';
import { TransferError } from '../../core/errors.ts';
import type { StoredFile } from '../../ports/block-store.ts';
import { describeCause, errorName } from '../exceptions.ts';
import { checkRange, closedFileError } from './file-key.ts';
import { folderError } from './folder-error.ts';

/** In one call at most: Firefox 153 never answers one of 2 MiB (in the origin private file system; November 2026). */
const WRITE_BYTES = 1024 * 1024;

/** Failures to make a file longer that are not about room. */
const NOT_ROOM: ReadonlySet<string> = new Set([
  'NotAllowedError',
  'SecurityError',
  'NotFoundError',
  'InvalidStateError',
  'NoModificationAllowedError',
]);

export interface FolderFileName {
  readonly transferId: string;
  readonly fileIndex: number;
  readonly path: string;
}

/**
 * One file in a picked folder, written through `createWritable`: into a swap file, which takes the file's place when it
 * is closed. Each flush closes it, and the next write makes a new one, with a copy of everything so far in it. What was
 * written and not flushed is gone when a write fails; the next `flush` or `close` then rejects with that failure.
 *
 * One thing at a time: a swap file that is being closed takes no writes.
 */
export class FolderFile implements StoredFile {
  readonly sizeBytes: number;
  readonly #name: FolderFileName;
  readonly #handle: FileSystemFileHandle;
  readonly #onClose: () => Promise<void>;
  readonly #seed: Blob | undefined;
  #writable: FileSystemWritableFileStream | undefined;
  /** Of what was flushed last. */
  #snapshot: File | undefined;
  #lost: TransferError | undefined;
  #isClosed = false;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(
    name: FolderFileName,
    handle: FileSystemFileHandle,
    sizeBytes: number,
    seed: Blob | undefined,
    onClose: () => Promise<void>,
  ) {
    this.#name = name;
    this.#handle = handle;
    this.sizeBytes = sizeBytes;
    this.#seed = seed;
    this.#onClose = onClose;
  }

  /**
   * @param seed what the file begins with, where it does not have its size yet
   * @param onClose called once. Not when this rejects.
   */
  static async open(
    name: FolderFileName,
    handle: FileSystemFileHandle,
    sizeBytes: number,
    seed: Blob | undefined,
    onClose: () => Promise<void>,
  ): Promise<FolderFile> {
    const file = new FolderFile(name, handle, sizeBytes, seed, onClose);
    const { size } = await handle.getFile();
    if (size !== sizeBytes) file.#writable = await file.#claim(size);
    return file;
  }

  write(offset: number, bytes: Bytes): Promise<void> {
    return this.#inTurn('write', async () => {
      checkRange('write', offset, bytes.length, this.sizeBytes);
      if (bytes.length === 0) return;
      this.#writable ??= await this.#begin();
      try {
        for (let at = 0; at < bytes.length; at += WRITE_BYTES) {
          const data = bytes.subarray(at, at + WRITE_BYTES);
          await this.#writable.write({ type: 'write', position: offset + at, data });
        }
      } catch (cause) {
        // The stream is in error now, and takes everything that it was given along.
        this.#writable = undefined;
        this.#lost = folderError(cause, this.#what('write'));
        throw cause;
      }
    });
  }

  /** Flushes, where anything was written: what is in a swap file cannot be read. */
  read(offset: number, length: number, into?: Bytes): Promise<Bytes> {
    return this.#inTurn('read', async () => {
      checkRange('read', offset, length, this.sizeBytes);
      await this.#commit();
      this.#snapshot ??= await this.#handle.getFile();
      const read = new Uint8Array(await this.#snapshot.slice(offset, offset + length).arrayBuffer());
      if (read.length !== length) {
        const message = `${this.#what('read')} at ${offset}: ${read.length} of ${length} bytes`;
        throw new TransferError('storage-failed', 'host', message);
      }
      if (into === undefined) return read;
      into.set(read);
      return into.subarray(0, length);
    });
  }

  flush(): Promise<void> {
    return this.#inTurn('flush', () => this.#commit());
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    try {
      await this.#inTurn('close', async () => {
        this.#isClosed = true;
        await this.#commit();
      });
    } finally {
      await this.#onClose();
    }
  }

  /** A swap file that goes on from what was flushed. Where that is nothing, it was claimed and lost: from the start. */
  async #begin(): Promise<FileSystemWritableFileStream> {
    const { size } = await this.#handle.getFile();
    return size === this.sizeBytes ? this.#handle.createWritable({ keepExistingData: true }) : this.#claim(size);
  }

  /** Makes it as long as it will be, at first in the swap file: no room is found out before the first byte. */
  async #claim(sizeBefore: number): Promise<FileSystemWritableFileStream> {
    const seed = this.#seed;
    const writable = await this.#handle.createWritable({ keepExistingData: seed === undefined && sizeBefore > 0 });
    try {
      if (seed !== undefined) await writable.write({ type: 'write', position: 0, data: seed });
      await writable.truncate(this.sizeBytes);
      return writable;
    } catch (cause) {
      // It may have ended with that failure already.
      await writable.abort().catch(() => {});
      if (sizeBefore >= this.sizeBytes || NOT_ROOM.has(errorName(cause))) throw cause;
      const message = `${this.#what('open')}: could not make it ${this.sizeBytes} bytes long, ${describeCause(cause)}`;
      throw new TransferError('disk-full', 'host', message, cause);
    }
  }

  async #commit(): Promise<void> {
    const lost = this.#lost;
    this.#lost = undefined;
    if (lost !== undefined) throw lost;
    const writable = this.#writable;
    if (writable === undefined) return;
    this.#writable = undefined;
    this.#snapshot = undefined;
    await writable.close();
  }

  #inTurn<T>(operation: string, action: () => Promise<T>): Promise<T> {
    const run = async (): Promise<T> => {
      if (this.#isClosed) throw closedFileError(operation, this.#name.transferId, this.#name.fileIndex);
      try {
        return await action();
      } catch (cause) {
        throw folderError(cause, this.#what(operation));
      }
    };
    const result = this.#turn.then(run);
    // Whoever asked sees the failure; the next one has its own turn.
    this.#turn = result.catch(() => {});
    return result;
  }

  #what(operation: string): string {
    return `${operation} ${this.#name.transferId}/${this.#name.fileIndex} (${this.#name.path})`;
  }
}
