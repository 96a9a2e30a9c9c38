import type { Bytes } from '../../core/bytes.ts';
import { TransferError } from '../../core/errors.ts';
import type { StoredFile } from '../../ports/block-store.ts';
import { describeCause, errorName } from '../exceptions.ts';
import { checkRange, closedFileError } from './file-key.ts';
import { folderError } from './folder-error.ts';

/** In one call at most, a block: nothing longer was tried for long. */
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
 * is closed. Each flush closes it, and the next write makes a new one, with a copy of everything so far in it. So the file
 * grows as it is written, and gets its full length when it is closed: the holes of a longer one would be copied too. What
 * was written and not flushed is gone when a write fails; the next `flush` or `close` then rejects with that failure.
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
  /** How long it will be after the next flush: up to the end of what was written. */
  #endBytes = 0;
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
    file.#endBytes = size;
    if (size > 0 && size < sizeBytes) {
      // Only to see whether there is room: without what it has, which would be copied.
      const probe = await handle.createWritable();
      await file.#claim(probe);
      await probe.abort();
    } else if (size !== sizeBytes) file.#writable = await file.#begin();
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
      this.#endBytes = Math.max(this.#endBytes, offset + bytes.length);
    });
  }

  /** Flushes, where anything was written: what is in a swap file cannot be read. */
  read(offset: number, length: number, into?: Bytes): Promise<Bytes> {
    return this.#inTurn('read', async () => {
      checkRange('read', offset, length, this.sizeBytes);
      await this.#commit();
      this.#snapshot ??= await this.#handle.getFile();
      const read = new Uint8Array(await this.#snapshot.slice(offset, offset + length).arrayBuffer());
      if (into === undefined && read.length === length) return read;
      // Nothing was written yet behind its end.
      const bytes = into?.subarray(0, length).fill(0) ?? new Uint8Array(length);
      bytes.set(read);
      return bytes;
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
        if (this.#lost === undefined && this.#endBytes < this.sizeBytes) {
          this.#writable ??= await this.#begin();
          await this.#writable.truncate(this.sizeBytes);
        }
        await this.#commit();
      });
    } finally {
      await this.#onClose();
    }
  }

  /** A swap file that goes on from what was flushed. */
  async #begin(): Promise<FileSystemWritableFileStream> {
    const { size } = await this.#handle.getFile();
    this.#endBytes = Math.min(size, this.sizeBytes);
    if (size === 0) return this.#beginNew();
    const writable = await this.#handle.createWritable({ keepExistingData: true });
    if (size > this.sizeBytes) await writable.truncate(this.sizeBytes);
    return writable;
  }

  /** No room is found out here, before the first byte; then the file is only as long as what is written, or its seed. */
  async #beginNew(): Promise<FileSystemWritableFileStream> {
    const writable = await this.#handle.createWritable();
    await this.#claim(writable);
    await writable.truncate(0);
    if (this.#seed !== undefined) await writable.write({ type: 'write', position: 0, data: this.#seed });
    this.#endBytes = this.#seed?.size ?? 0;
    return writable;
  }

  async #claim(writable: FileSystemWritableFileStream): Promise<void> {
    try {
      await writable.truncate(this.sizeBytes);
    } catch (cause) {
      // It may have ended with that failure already.
      await writable.abort().catch(() => {});
      if (NOT_ROOM.has(errorName(cause))) throw cause;
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
