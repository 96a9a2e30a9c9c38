import { TransferError } from '../../src/core/errors.ts';
import type { BlockPage, Journal, ManifestFile, TransferHeader } from '../../src/ports/journal.ts';
import {
  checkPageIndex,
  checkedBlockPage,
  checkedHeader,
  checkedManifestFiles,
} from '../../src/adapters/storage/journal-records.ts';

interface Entry {
  header: TransferHeader | undefined;
  readonly manifestPages: Map<number, readonly ManifestFile[]>;
  readonly blockPages: Map<number, BlockPage>;
}

/**
 * A journal in memory. What was written is durable by definition: after a simulated crash keep using the same object
 * (and `MemoryBlockStore.crash()` the disk beside it). `failNext` makes the next write reject, once, with nothing changed.
 */
export class MemoryJournal implements Journal {
  readonly #entries = new Map<string, Entry>();
  readonly #faults: TransferError[] = [];
  /** How many checkpoints were written, for tests of how often they happen. */
  checkpointCount = 0;

  failNext(error: TransferError = new TransferError('storage-failed', 'host', 'journal: failed on request')): void {
    this.#faults.push(error);
  }

  has(transferId: string): boolean {
    return this.#entries.has(transferId);
  }

  /** What was to fail next does not. */
  clearFaults(): void {
    this.#faults.length = 0;
  }

  async putTransfer(header: TransferHeader): Promise<void> {
    const copy = checkedHeader(header, 'write');
    this.#throwFault();
    this.#entry(copy.transferId).header = copy;
  }

  async getTransfer(transferId: string): Promise<TransferHeader | undefined> {
    const header = this.#entries.get(transferId)?.header;
    return header === undefined ? undefined : checkedHeader(header, 'read');
  }

  async listTransfers(): Promise<readonly TransferHeader[]> {
    const headers: TransferHeader[] = [];
    for (const { header } of this.#entries.values()) {
      if (header !== undefined) headers.push(checkedHeader(header, 'read'));
    }
    return headers.toSorted((a, b) => a.createdEpochMs - b.createdEpochMs || (a.transferId < b.transferId ? -1 : 1));
  }

  async putManifestPage(transferId: string, pageIndex: number, files: readonly ManifestFile[]): Promise<void> {
    checkPageIndex(pageIndex, transferId);
    const copy = checkedManifestFiles(files, transferId, 'write');
    this.#throwFault();
    this.#entry(transferId).manifestPages.set(pageIndex, copy);
  }

  async getManifestPage(transferId: string, pageIndex: number): Promise<readonly ManifestFile[] | undefined> {
    const files = this.#entries.get(transferId)?.manifestPages.get(pageIndex);
    return files === undefined ? undefined : checkedManifestFiles(files, transferId, 'read');
  }

  async checkpoint(transferId: string, pages: readonly BlockPage[], header?: TransferHeader): Promise<void> {
    const copies = pages.map((page) => checkedBlockPage(page, transferId, 'write'));
    const headerCopy = header === undefined ? undefined : checkedHeader(header, 'write');
    if (headerCopy !== undefined && headerCopy.transferId !== transferId) {
      throw new TransferError('internal', 'local', `checkpoint of ${transferId}: header of ${headerCopy.transferId}`);
    }
    this.#throwFault();
    const entry = this.#entry(transferId);
    for (const page of copies) entry.blockPages.set(page.pageIndex, page);
    if (headerCopy !== undefined) entry.header = headerCopy;
    this.checkpointCount++;
  }

  async getBlockPage(transferId: string, pageIndex: number): Promise<BlockPage | undefined> {
    const page = this.#entries.get(transferId)?.blockPages.get(pageIndex);
    return page === undefined ? undefined : checkedBlockPage(page, transferId, 'read');
  }

  async deleteTransfer(transferId: string): Promise<void> {
    this.#throwFault();
    this.#entries.delete(transferId);
  }

  #entry(transferId: string): Entry {
    const entry = this.#entries.get(transferId) ?? {
      header: undefined,
      manifestPages: new Map(),
      blockPages: new Map(),
    };
    this.#entries.set(transferId, entry);
    return entry;
  }

  #throwFault(): void {
    const error = this.#faults.shift();
    if (error !== undefined) throw error;
  }
}
