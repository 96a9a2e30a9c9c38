import { unreachable, type Bytes } from '../../core/bytes.ts';
import { TransferError } from '../../core/errors.ts';
import type { AnswerInput, IoOutput, JournalManifestPage } from '../../core/transfer/machine.ts';
import type { BlockStore } from '../../ports/block-store.ts';
import type { Hasher } from '../../ports/crypto.ts';
import type { SourceFile } from '../../ports/file-source.ts';
import type { Journal } from '../../ports/journal.ts';
import type { FolderStore } from '../../ports/folder-store.ts';
import type { ManifestFile } from '../../ports/journal.ts';
import { FolderTransfer } from './folder-transfer.ts';
import { OpenFiles } from './open-files.ts';

/** Where received transfers live. */
export interface TransferStorage {
  readonly store: BlockStore;
  readonly journal: Journal;
  /** Whether all of it goes with the window, and how much fits. Left out: it lasts, and the size is not known. */
  readonly limits?: { readonly isTemporary: boolean; readonly roomBytes: number | undefined };
}

/** Does what the transfer machine asks for, on the ports. */
export class IoPerformer {
  readonly #storage: Promise<TransferStorage & { readonly openFiles: OpenFiles }>;
  readonly #hasher: Hasher;
  readonly #hold: (transferId: string) => Promise<void>;
  /** Transfers that go straight into a picked folder. */
  readonly #folders = new Map<string, FolderTransfer>();
  readonly #sources = new Map<string, readonly (SourceFile | undefined)[]>();

  /**
   * @param storage being opened; where that fails, everything that needs it fails with the same error
   * @param hold takes a transfer for this tab before its journal begins; rejects where another tab has it
   */
  constructor(storage: Promise<TransferStorage>, hasher: Hasher, hold: (transferId: string) => Promise<void>) {
    this.#storage = storage.then(({ store, journal }) => ({ store, journal, openFiles: new OpenFiles(store) }));
    // Whoever needs the storage sees the error, each time; a runner that only sends does not need it.
    this.#storage.catch(() => {});
    this.#hasher = hasher;
    this.#hold = hold;
  }

  /** The files of an outgoing transfer, by their index; undefined: as it was. */
  addSources(transferId: string, sources: readonly (SourceFile | undefined)[]): void {
    const before = this.#sources.get(transferId);
    this.#sources.set(
      transferId,
      sources.map((source, index) => source ?? before?.[index]),
    );
  }

  /** Lets go of the files; reads that come late fail. */
  dropSources(transferId: string): void {
    this.#sources.delete(transferId);
  }

  /** From now on the transfer goes into this folder. Never rejects. */
  async useFolder(transferId: string, store: FolderStore): Promise<void> {
    const before = this.#folders.get(transferId);
    const folder = new FolderTransfer(store, this.#hasher);
    if (before !== undefined) await folder.follow(before, transferId);
    this.#folders.set(transferId, folder);
  }

  /** What is in the folder is the person's from now on: removing the transfer leaves it there. */
  dropFolder(transferId: string): void {
    this.#folders.delete(transferId);
  }

  /** The machine has done with what it had read. */
  release(transferId: string, fileIndex: number, bytes: Bytes): void {
    this.#sources.get(transferId)?.[fileIndex]?.release?.(bytes);
  }

  /** Never rejects: a failure is an answer, too. */
  async perform(output: IoOutput): Promise<AnswerInput> {
    const { transferId } = output;
    try {
      return await this.#answer(output);
    } catch (error) {
      const failure = asTransferError(error, output.type);
      const block = output.type === 'store' ? { block: output.block } : {};
      const slab = output.type === 'read' || output.type === 'hash' ? { slabId: output.slabId } : {};
      return { type: 'ioFailed', transferId, operation: output.type, error: failure, ...block, ...slab };
    }
  }

  async #answer(output: IoOutput): Promise<AnswerInput> {
    const { transferId } = output;
    switch (output.type) {
      case 'read':
        return { type: 'readDone', transferId, slabId: output.slabId, bytes: await this.#read(output) };
      case 'hash': {
        const { slabId, block } = output;
        return { type: 'hashed', transferId, slabId, block, hash: await this.#hasher.sha256(output.bytes) };
      }
      case 'store':
        return { type: 'stored', transferId, block: output.block, ...(await this.#storeBlock(output)) };
      case 'probe':
        return { type: 'probed', transferId, block: output.block, hash: await this.#probe(output) };
      case 'create':
        await this.#create(transferId, output.fileIndex);
        return { type: 'created', transferId, fileIndex: output.fileIndex };
      case 'begin':
        return { type: 'begun', transferId, existing: await this.#begin(output) };
      case 'storeManifest':
        return { type: 'manifestStored', transferId, existing: await this.#putManifest(transferId, output.pages) };
      case 'checkpoint':
        await this.#checkpoint(output);
        return { type: 'checkpointed', transferId };
      case 'loadPage':
        return { type: 'pageLoaded', transferId, page: await this.#loadPage(transferId, output.pageIndex) };
      case 'remove':
        await this.#remove(transferId);
        return { type: 'removed', transferId };
      default:
        return unreachable(output);
    }
  }

  async #read(output: Extract<IoOutput, { type: 'read' }>) {
    const source = this.#sources.get(output.transferId)?.[output.fileIndex];
    if (source === undefined) throw new TransferError('file-unreadable', 'host', `file ${output.fileIndex} is gone`);
    const bytes = await source.read(output.offset, output.length);
    if (bytes.length === output.length) return bytes;
    throw new TransferError('source-changed', 'host', `${output.length} bytes wanted, got ${bytes.length}`);
  }

  /** Writes a block, and gives the hash of what the disk then has. */
  async #storeBlock(output: Extract<IoOutput, { type: 'store' }>) {
    const { transferId, stored, bytes } = output;
    const folder = this.#folders.get(transferId);
    if (folder !== undefined) return folder.storeBlock(output);
    const { openFiles } = await this.#storage;
    const offset = stored.offset + output.offset;
    const onDisk = await openFiles.write(transferId, stored.storedIndex, stored.storedBytes, async (file) => {
      await file.write(offset, bytes);
      // Nothing of what was written may be taken for what was read.
      return file.read(offset, bytes.length, bytes.fill(0));
    });
    return { hash: await this.#hasher.sha256(onDisk) };
  }

  /** Opening it for writing makes the next checkpoint flush it: what is found may be in no more than the system's cache. */
  async #probe(output: Extract<IoOutput, { type: 'probe' }>) {
    const { transferId, stored, length } = output;
    const folder = this.#folders.get(transferId);
    if (folder !== undefined) return folder.probe(output);
    const { openFiles } = await this.#storage;
    const offset = stored.offset + output.offset;
    const onDisk = await openFiles.write(transferId, stored.storedIndex, stored.storedBytes, (file) =>
      file.read(offset, length),
    );
    return this.#hasher.sha256(onDisk);
  }

  async #begin({ transferId, header, pages }: Extract<IoOutput, { type: 'begin' }>): Promise<readonly number[]> {
    await this.#hold(transferId);
    const existing = await this.#putManifest(transferId, pages);
    await (await this.#storage).journal.putTransfer(header);
    return existing;
  }

  /** @returns the indexes of the files that the folder, where there is one, seems to have */
  async #putManifest(transferId: string, pages: readonly JournalManifestPage[]): Promise<readonly number[]> {
    const { journal } = await this.#storage;
    const folder = this.#folders.get(transferId);
    const existing: number[] = [];
    const kept: { readonly pageIndex: number; readonly files: readonly ManifestFile[] }[] = [];
    for (const { pageIndex, firstFile, files } of pages) {
      if (folder === undefined) {
        kept.push({ pageIndex, files });
        continue;
      }
      const planned = await folder.store.plan(firstFile, files);
      kept.push({ pageIndex, files: planned });
      for (const i of planned.keys()) {
        if ((await folder.store.existing(firstFile + i)) !== undefined) existing.push(firstFile + i);
      }
    }
    await Promise.all(kept.map(({ pageIndex, files }) => journal.putManifestPage(transferId, pageIndex, files)));
    return existing;
  }

  async #create(transferId: string, fileIndex: number): Promise<void> {
    const folder = this.#folders.get(transferId);
    // In our own store an empty file has nothing that has to be there.
    if (folder === undefined) return;
    if (folder.store.isFolder(fileIndex)) return folder.store.createFolder(fileIndex);
    await folder.openFiles.write(transferId, fileIndex, 0, async () => {});
  }

  async #checkpoint(output: Extract<IoOutput, { type: 'checkpoint' }>): Promise<void> {
    const { transferId, pages, header } = output;
    const { openFiles, journal } = await this.#storage;
    const folder = this.#folders.get(transferId);
    if (folder !== undefined) {
      await folder.checkpoint(transferId, output.closesFiles);
      // What had come of them is of no use to anybody.
      if (output.closesFiles) for (const index of header.withdrawn ?? []) await folder.store.removeFile(index);
    } else if (output.closesFiles) await openFiles.close(transferId);
    else await openFiles.flush(transferId);
    await journal.checkpoint(transferId, pages, header);
  }

  async #loadPage(transferId: string, pageIndex: number) {
    const { journal } = await this.#storage;
    const page = await journal.getBlockPage(transferId, pageIndex);
    if (page !== undefined) return page;
    throw new TransferError('storage-failed', 'host', `block page ${pageIndex} of ${transferId} is not in the journal`);
  }

  /** The journal goes last: what it does not know cannot be found again to be deleted. */
  async #remove(transferId: string): Promise<void> {
    const { journal, ...storage } = await this.#storage;
    const { openFiles, store } = this.#folders.get(transferId) ?? storage;
    await openFiles.abandon(transferId);
    await store.remove(transferId);
    await journal.deleteTransfer(transferId);
  }
}

/** Adapters reject with TransferError; anything else is a bug of ours, and is kept as the cause. */
export function asTransferError(error: unknown, what: string): TransferError {
  return error instanceof TransferError
    ? error
    : new TransferError('internal', 'local', `${what}: ${String(error)}`, error);
}
