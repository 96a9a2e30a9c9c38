import type { DBSchema } from 'idb';
import { TransferError } from '../../core/errors.ts';
import type { BlockPage, Journal, ManifestFile, TransferHeader } from '../../ports/journal.ts';
import { checkTransferId } from './file-key.ts';
import { IdbConnection } from './idb-connection.ts';
import type { Upgrade } from './idb-connection.ts';
import { checkPageIndex, checkedBlockPage, checkedHeader, checkedManifestFiles } from './journal-records.ts';

export const JOURNAL_NAME = 'heliograph-journal';

/**
 * Values are `unknown`, because they may have been written by another version of the app, and are checked when read.
 * A page's key is `[transferId, pageIndex]`.
 */
interface JournalSchema extends DBSchema {
  transfers: { key: string; value: unknown };
  manifestPages: { key: [string, number]; value: unknown };
  blockPages: { key: [string, number]; value: unknown };
}

const upgrades: readonly Upgrade<JournalSchema>[] = [
  (db) => {
    db.createObjectStore('transfers');
    db.createObjectStore('manifestPages');
    db.createObjectStore('blockPages');
  },
];

/**
 * The journal in IndexedDB, in a window or a worker, shared by all tabs. Every write commits with strict durability
 * (Indexed Database API 3.0 §2.7.1): Chromium and Firefox would otherwise report success before the data is on disk.
 * A damaged record, or one of another version, rejects with 'storage-failed' where it is read; it can be deleted.
 */
export class IdbJournal implements Journal {
  readonly #connection: IdbConnection<JournalSchema>;

  private constructor(connection: IdbConnection<JournalSchema>) {
    this.#connection = connection;
  }

  /** Rejects as `IdbConnection.open` does. @param name database; only tests need another one */
  static async open(name: string = JOURNAL_NAME): Promise<IdbJournal> {
    return new IdbJournal(await IdbConnection.open(name, upgrades));
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async putTransfer(header: TransferHeader): Promise<void> {
    const record = checkedHeader(header, 'write');
    checkTransferId(record.transferId);
    await this.#connection.write(`putTransfer ${record.transferId}`, ['transfers'], (transaction) =>
      transaction.objectStore('transfers').put(record, record.transferId),
    );
  }

  async getTransfer(transferId: string): Promise<TransferHeader | undefined> {
    const record = await this.#connection.run(`getTransfer ${transferId}`, (db) => db.get('transfers', transferId));
    return record === undefined ? undefined : checkedHeader(record, 'read');
  }

  async listTransfers(): Promise<readonly TransferHeader[]> {
    const records = await this.#connection.run('listTransfers', (db) => db.getAll('transfers'));
    return records
      .map((record) => checkedHeader(record, 'read'))
      .toSorted((a, b) => a.createdEpochMs - b.createdEpochMs || (a.transferId < b.transferId ? -1 : 1));
  }

  async putManifestPage(transferId: string, pageIndex: number, files: readonly ManifestFile[]): Promise<void> {
    checkTransferId(transferId);
    checkPageIndex(pageIndex, transferId);
    const record = checkedManifestFiles(files, transferId, 'write');
    await this.#connection.write(`putManifestPage ${transferId}/${pageIndex}`, ['manifestPages'], (transaction) =>
      transaction.objectStore('manifestPages').put(record, [transferId, pageIndex]),
    );
  }

  async getManifestPage(transferId: string, pageIndex: number): Promise<readonly ManifestFile[] | undefined> {
    checkPageIndex(pageIndex, transferId);
    const what = `getManifestPage ${transferId}/${pageIndex}`;
    const record = await this.#connection.run(what, (db) => db.get('manifestPages', [transferId, pageIndex]));
    return record === undefined ? undefined : checkedManifestFiles(record, what, 'read');
  }

  async checkpoint(transferId: string, pages: readonly BlockPage[], header?: TransferHeader): Promise<void> {
    checkTransferId(transferId);
    const records = pages.map((page) => checkedBlockPage(page, transferId, 'write'));
    const headerRecord = header === undefined ? undefined : checkedHeader(header, 'write');
    if (headerRecord !== undefined && headerRecord.transferId !== transferId) {
      throw new TransferError('internal', 'local', `checkpoint of ${transferId}: header of ${headerRecord.transferId}`);
    }
    await this.#connection.write(`checkpoint ${transferId}`, ['transfers', 'blockPages'], async (transaction) => {
      const blockPages = transaction.objectStore('blockPages');
      await Promise.all(records.map((page) => blockPages.put(page, [transferId, page.pageIndex])));
      if (headerRecord !== undefined) await transaction.objectStore('transfers').put(headerRecord, transferId);
    });
  }

  async getBlockPage(transferId: string, pageIndex: number): Promise<BlockPage | undefined> {
    checkPageIndex(pageIndex, transferId);
    const what = `getBlockPage ${transferId}/${pageIndex}`;
    const record = await this.#connection.run(what, (db) => db.get('blockPages', [transferId, pageIndex]));
    if (record === undefined) return undefined;
    const page = checkedBlockPage(record, what, 'read');
    if (page.pageIndex !== pageIndex) {
      throw new TransferError('storage-failed', 'host', `${what}: the record says page ${page.pageIndex}`);
    }
    return page;
  }

  async deleteTransfer(transferId: string): Promise<void> {
    checkTransferId(transferId);
    // Arrays sort after numbers, so this is every key that starts with the transfer id.
    const pages = IDBKeyRange.bound([transferId], [transferId, []]);
    const stores = ['transfers', 'manifestPages', 'blockPages'] as const;
    await this.#connection.write(`deleteTransfer ${transferId}`, stores, (transaction) =>
      Promise.all([
        transaction.objectStore('transfers').delete(transferId),
        transaction.objectStore('manifestPages').delete(pages),
        transaction.objectStore('blockPages').delete(pages),
      ]),
    );
  }
}
