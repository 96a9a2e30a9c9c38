import type { Bytes } from '../../src/core/bytes.ts';
import { TransferError } from '../../src/core/errors.ts';
import type { BlockStore, StoredFile } from '../../src/ports/block-store.ts';
import {
  checkFileKey,
  checkFileSize,
  checkRange,
  checkTransferId,
  closedFileError,
} from '../../src/adapters/storage/file-key.ts';

/** Memory is taken a page at a time, so that a file of many GiB with few bytes in it costs little. */
const PAGE_BYTES = 64 * 1024;

export type BlockStoreOperation = 'open' | 'write' | 'read' | 'flush';

/**
 * A disk in memory that can be full, fail and lose power.
 *
 * - `quotaBytes`: like a browser's quota it is charged with the claimed size of a file, not with what was written.
 *   Set below `usedBytes`, writes reject too, as they do when somebody else filled the disk under a sparse file.
 * - `failNext`: the next such operation rejects with this error, once, and changes nothing.
 * - `crash`: everything written since the last `flush` of its file is gone; every opened file is dead and may be
 *   opened again. The worst that a crash may do: real disks keep more.
 */
export class MemoryBlockStore implements BlockStore {
  readonly kind = 'memory';
  quotaBytes = Number.POSITIVE_INFINITY;
  readonly #disk = new Map<string, Map<number, DiskFile>>();
  readonly #faults: { readonly operation: BlockStoreOperation; readonly error: TransferError }[] = [];

  get usedBytes(): number {
    let usedBytes = 0;
    for (const files of this.#disk.values()) for (const file of files.values()) usedBytes += file.sizeBytes;
    return usedBytes;
  }

  failNext(
    operation: BlockStoreOperation,
    error: TransferError = new TransferError('storage-failed', 'host', `${operation}: failed on request`),
  ): void {
    this.#faults.push({ operation, error });
  }

  /** What was to fail next does not. */
  clearFaults(): void {
    this.#faults.length = 0;
  }

  has(transferId: string): boolean {
    return this.#disk.has(transferId);
  }

  /** Like `blob`, without the detour. undefined where there is no such file. */
  contents(transferId: string, fileIndex: number): Bytes | undefined {
    const file = this.#disk.get(transferId)?.get(fileIndex);
    return file?.read(0, file.sizeBytes);
  }

  crash(): void {
    for (const files of this.#disk.values()) for (const file of files.values()) file.losePower();
  }

  /** What the system does by and by: everything written is on the disk. */
  sync(): void {
    for (const files of this.#disk.values()) for (const file of files.values()) file.flush();
  }

  async open(transferId: string, fileIndex: number, sizeBytes: number): Promise<StoredFile> {
    checkFileKey(transferId, fileIndex);
    checkFileSize(sizeBytes);
    this.#throwFault('open');
    const existing = this.#disk.get(transferId)?.get(fileIndex);
    if (existing?.opener !== undefined) {
      throw new TransferError('storage-failed', 'host', `open: ${transferId}/${fileIndex} is open already`);
    }
    const grownBytes = sizeBytes - (existing?.sizeBytes ?? 0);
    if (grownBytes > 0 && this.usedBytes + grownBytes > this.quotaBytes) {
      throw new TransferError('disk-full', 'host', `open: ${sizeBytes} bytes over the quota of ${this.quotaBytes}`);
    }
    const file = existing ?? new DiskFile();
    file.resize(sizeBytes);
    const files = this.#disk.get(transferId) ?? new Map<number, DiskFile>();
    this.#disk.set(transferId, files.set(fileIndex, file));
    return this.#opened(file, transferId, fileIndex, sizeBytes);
  }

  async blob(transferId: string, fileIndex: number): Promise<Blob> {
    checkFileKey(transferId, fileIndex);
    const file = this.#disk.get(transferId)?.get(fileIndex);
    if (file === undefined) {
      throw new TransferError('storage-failed', 'host', `blob: ${transferId}/${fileIndex} does not exist`);
    }
    return file.blob();
  }

  async remove(transferId: string): Promise<void> {
    checkTransferId(transferId);
    for (const [fileIndex, file] of this.#disk.get(transferId) ?? []) {
      if (file.opener !== undefined) {
        throw new TransferError('storage-failed', 'host', `remove: ${transferId}/${fileIndex} is open`);
      }
    }
    this.#disk.delete(transferId);
  }

  async list(): Promise<readonly string[]> {
    return [...this.#disk.keys()];
  }

  #throwFault(operation: BlockStoreOperation): void {
    const position = this.#faults.findIndex((fault) => fault.operation === operation);
    const [fault] = position < 0 ? [] : this.#faults.splice(position, 1);
    if (fault !== undefined) throw fault.error;
  }

  #opened(file: DiskFile, transferId: string, fileIndex: number, sizeBytes: number): StoredFile {
    const opener = Symbol('opener');
    file.opener = opener;
    let isClosed = false;
    const check = (operation: BlockStoreOperation): void => {
      if (isClosed) throw closedFileError(operation, transferId, fileIndex);
      if (file.opener !== opener) {
        throw new TransferError('storage-failed', 'host', `${operation}: ${transferId}/${fileIndex} died in a crash`);
      }
      this.#throwFault(operation);
    };
    return {
      sizeBytes,
      write: async (offset, bytes) => {
        checkRange('write', offset, bytes.length, sizeBytes);
        check('write');
        if (this.quotaBytes !== Number.POSITIVE_INFINITY && this.usedBytes > this.quotaBytes)
          throw new TransferError('disk-full', 'host', 'write: the disk is full');
        file.write(offset, bytes);
      },
      read: async (offset, length, into) => {
        checkRange('read', offset, length, sizeBytes);
        check('read');
        return file.read(offset, length, into);
      },
      flush: async () => {
        check('flush');
        file.flush();
      },
      close: async () => {
        isClosed = true;
        if (file.opener === opener) file.opener = undefined;
      },
    };
  }
}

class DiskFile {
  opener: symbol | undefined;
  sizeBytes = 0;
  readonly #pages = new Map<number, Bytes>();
  /** What each page written since the last flush was before. */
  readonly #unflushed = new Map<number, Bytes | undefined>();

  resize(sizeBytes: number): void {
    if (sizeBytes === this.sizeBytes) return;
    const cutAt = Math.ceil(sizeBytes / PAGE_BYTES);
    for (const pageIndex of this.#pages.keys()) if (pageIndex >= cutAt) this.#pages.delete(pageIndex);
    this.sizeBytes = sizeBytes;
    // The last page is as long as what the file has of it.
    for (const [pageIndex, page] of this.#pages) {
      const resized = this.#newPage(pageIndex);
      if (resized.length === page.length) continue;
      resized.set(page.subarray(0, resized.length));
      this.#pages.set(pageIndex, resized);
    }
  }

  write(offset: number, bytes: Bytes): void {
    for (const piece of pieces(offset, bytes.length)) {
      const page = this.#pages.get(piece.pageIndex);
      if (!this.#unflushed.has(piece.pageIndex)) this.#unflushed.set(piece.pageIndex, page?.slice());
      const target = page ?? this.#newPage(piece.pageIndex);
      this.#pages.set(piece.pageIndex, target);
      target.set(bytes.subarray(piece.from, piece.from + piece.length), piece.inPage);
    }
  }

  #newPage(pageIndex: number): Bytes {
    return new Uint8Array(Math.min(PAGE_BYTES, this.sizeBytes - pageIndex * PAGE_BYTES));
  }

  read(offset: number, length: number, into?: Bytes): Bytes {
    const bytes = into?.subarray(0, length).fill(0) ?? new Uint8Array(length);
    for (const piece of pieces(offset, length)) {
      const page = this.#pages.get(piece.pageIndex);
      if (page !== undefined) bytes.set(page.subarray(piece.inPage, piece.inPage + piece.length), piece.from);
    }
    return bytes;
  }

  flush(): void {
    this.#unflushed.clear();
  }

  losePower(): void {
    for (const [pageIndex, before] of this.#unflushed) {
      this.#pages.delete(pageIndex);
      const isInFile = pageIndex * PAGE_BYTES < this.sizeBytes;
      if (before === undefined || !isInFile) continue;
      const page = this.#newPage(pageIndex);
      page.set(before.subarray(0, page.length));
      this.#pages.set(pageIndex, page);
    }
    this.#unflushed.clear();
    this.opener = undefined;
  }

  blob(): Blob {
    const zeros = new Uint8Array(PAGE_BYTES);
    const parts: Bytes[] = [];
    for (const piece of pieces(0, this.sizeBytes)) {
      parts.push((this.#pages.get(piece.pageIndex) ?? zeros).subarray(0, piece.length));
    }
    return new Blob(parts);
  }
}

/** Cuts a range at page borders. `from` counts from the start of the range. */
function* pieces(offset: number, length: number) {
  for (let from = 0; from < length;) {
    const pageIndex = Math.floor((offset + from) / PAGE_BYTES);
    const inPage = (offset + from) % PAGE_BYTES;
    const pieceLength = Math.min(PAGE_BYTES - inPage, length - from);
    yield { pageIndex, inPage, from, length: pieceLength };
    from += pieceLength;
  }
}
