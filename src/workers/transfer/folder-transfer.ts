import type { Bytes } from '../../core/bytes.ts';
import { equalBytes } from '../../core/bytes.ts';
import { TransferError } from '../../core/errors.ts';
import { BLOCK_BYTES } from '../../core/transfer/blocks.ts';
import type { IoOutput } from '../../core/transfer/machine.ts';
import type { Hasher } from '../../ports/crypto.ts';
import type { FolderStore } from '../../ports/folder-store.ts';
import { OpenFiles } from './open-files.ts';

type Store = Extract<IoOutput, { type: 'store' }>;
type Probe = Extract<IoOutput, { type: 'probe' }>;

interface Written {
  readonly fileIndex: number;
  readonly offset: number;
  readonly length: number;
  readonly hash: Bytes;
}

/**
 * Blocks of one transfer on their way into a picked folder. What was there already is compared instead of written. What
 * is written can be read only after a flush, which copies: so blocks are read back all together, at a checkpoint.
 */
export class FolderTransfer {
  readonly store: FolderStore;
  readonly openFiles: OpenFiles;
  readonly #hasher: Hasher;
  /** Since the last checkpoint, by block number. */
  #written = new Map<number, Written>();
  /** Blocks of files that differ from what was there, received at least once: for them the two are not the same. */
  readonly #received = new Set<number>();
  /** Files that began as a copy since the last checkpoint. */
  #copied = new Map<number, { readonly firstBlock: number; readonly sizeBytes: number }>();
  /** The same transfer on an earlier store. Writes may still be going on there. */
  #before: FolderTransfer | undefined;

  constructor(store: FolderStore, hasher: Hasher) {
    this.store = store;
    this.openFiles = new OpenFiles(store);
    this.#hasher = hasher;
  }

  async storeBlock({ transferId, fileIndex, fileSizeBytes, block, offset, bytes }: Store) {
    const hash = await this.#hasher.sha256(bytes);
    const existing = this.store.isDiffering(fileIndex) ? undefined : await this.store.existing(fileIndex);
    if (existing !== undefined) {
      const there = await this.#hashOf(existing, offset, bytes.length);
      if (equalBytes(there, hash)) return { hash, isInPlace: true } as const;
    }
    await this.openFiles.write(transferId, fileIndex, fileSizeBytes, (file) => file.write(offset, bytes));
    if (existing !== undefined) {
      this.#copied.set(fileIndex, { firstBlock: block - offset / BLOCK_BYTES, sizeBytes: fileSizeBytes });
    }
    if (this.store.isDiffering(fileIndex)) this.#received.add(block);
    this.#written.set(block, { fileIndex, offset, length: bytes.length, hash });
    return { hash };
  }

  /** Takes the place of `before`: the person has chosen the folder again. Never rejects. */
  async follow(before: FolderTransfer, transferId: string): Promise<void> {
    await before.openFiles.abandon(transferId);
    this.#before = before;
  }

  /** @returns true where something was written that was not read back, and now never will be */
  forget(): boolean {
    const isDoubtful = this.#written.size > 0;
    this.#written.clear();
    return this.#before?.forget() === true || isDoubtful;
  }

  /** What differs begins as a copy of what was there, so that this is true of both, until the block is received. */
  async probe({ transferId, fileIndex, block, offset, length }: Probe): Promise<Bytes | undefined> {
    if (this.#received.has(block)) return undefined;
    const existing = await this.store.existing(fileIndex);
    if (existing !== undefined) return this.#hashOf(existing, offset, length);
    // Only what is there: an attempt to read would create it.
    const received = await this.#whatCame(transferId, fileIndex);
    const isThere = received !== undefined && received.size >= offset + length;
    return isThere ? this.#hashOf(received, offset, length) : undefined;
  }

  /**
   * Flushes, and compares what the files then have with what was written into them. Rejects with 'storage-failed' where
   * that differs; then, as after any failure, nothing is known of what was written since the last checkpoint.
   */
  async checkpoint(transferId: string, closesFiles: boolean): Promise<void> {
    const written = this.#written;
    const copied = this.#copied;
    this.#written = new Map();
    this.#copied = new Map();
    if (closesFiles) await this.openFiles.close(transferId);
    else await this.openFiles.flush(transferId);
    if (this.#before?.forget() === true) {
      throw new TransferError('storage-failed', 'host', `${transferId}: nobody knows what the folder took before`);
    }
    for (const [block, { fileIndex, offset, length, hash }] of written) {
      const onDisk = await this.#readBack(transferId, fileIndex, offset, length);
      if (!equalBytes(onDisk, hash)) throw differs(transferId, fileIndex, block);
    }
    for (const [fileIndex, { firstBlock, sizeBytes }] of copied) {
      await this.#checkCopy(transferId, fileIndex, firstBlock, sizeBytes);
    }
  }

  /** What was right in the file that was there before does not travel: it has to be in the copy. */
  async #checkCopy(transferId: string, fileIndex: number, firstBlock: number, sizeBytes: number): Promise<void> {
    const existing = await this.store.existing(fileIndex);
    if (existing === undefined) return;
    for (let offset = 0; offset < sizeBytes; offset += BLOCK_BYTES) {
      const block = firstBlock + offset / BLOCK_BYTES;
      if (this.#received.has(block)) continue;
      const length = Math.min(BLOCK_BYTES, sizeBytes - offset);
      const onDisk = await this.#readBack(transferId, fileIndex, offset, length);
      if (!equalBytes(onDisk, await this.#hashOf(existing, offset, length))) {
        throw differs(transferId, fileIndex, block);
      }
    }
  }

  /** A flush in between (a file is closed when too many are open) makes a snapshot unreadable: a new one is taken, once. */
  async #readBack(transferId: string, fileIndex: number, offset: number, length: number): Promise<Bytes> {
    try {
      return await this.#hashOf(await this.store.blob(transferId, fileIndex), offset, length);
    } catch {
      return this.#hashOf(await this.store.blob(transferId, fileIndex), offset, length);
    }
  }

  async #whatCame(transferId: string, fileIndex: number): Promise<Blob | undefined> {
    try {
      return await this.store.blob(transferId, fileIndex);
    } catch (error) {
      if (error instanceof TransferError && error.code === 'storage-failed') return undefined;
      throw error;
    }
  }

  async #hashOf(blob: Blob, offset: number, length: number): Promise<Bytes> {
    let bytes: Bytes;
    try {
      bytes = new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
    } catch (cause) {
      throw new TransferError('storage-failed', 'host', `reading ${length} at ${offset}: ${String(cause)}`, cause);
    }
    return this.#hasher.sha256(bytes);
  }
}

function differs(transferId: string, fileIndex: number, block: number): TransferError {
  const message = `${transferId}, block ${block}, in file ${fileIndex}: not what was written`;
  return new TransferError('storage-failed', 'host', message);
}
