import type { IDBPDatabase } from 'idb';
import { TransferError } from '../../core/errors.ts';
import type { BlockStore, StoredFile } from '../../ports/block-store.ts';
import { errorName } from '../exceptions.ts';
import { checkFileKey, checkFileSize, checkTransferId } from './file-key.ts';
import { tryLock } from './file-lock.ts';
import { IdbConnection } from './idb-connection.ts';
import type { Upgrade } from './idb-connection.ts';
import { IdbFile } from './idb-file.ts';
import { RECORD_BYTES, recordSize } from './idb-records.ts';
import type { BlocksSchema, RecordKind, RecordValue } from './idb-records.ts';
import { storageError } from './storage-error.ts';
import { storageSpace } from './storage-space.ts';

export const BLOCKS_NAME = 'heliograph-blocks';

/** How many records `blob` looks at in one request. */
const BATCH_RECORDS = 64;

const upgrades: readonly Upgrade<BlocksSchema>[] = [
  (db) => {
    db.createObjectStore('files');
    db.createObjectStore('records');
    db.createObjectStore('probe');
  },
];

/**
 * Received files in IndexedDB, for where OPFS is refused: private windows of Firefox (153) and Safari. Works in a
 * window and in workers. A file is cut into records of 1 MiB, so that a verified block is one record and one `put`.
 *
 * Records are Blobs, which both engines keep in files of their own and hand out by reference: `blob` composes the whole
 * file out of them with no copy in memory (Chromium 156, and Firefox 153 in private windows too, where they are encrypted
 * on disk; November 2026). WebKit refuses Blobs in private windows, so `open` tries one, and falls back to ArrayBuffers;
 * then `blob` has to copy, and the browser decides whether that stays in memory.
 *
 * IndexedDB cannot claim space: `open` compares with `navigator.storage.estimate()`, and `write` may still find the
 * disk full. Every `write` is one transaction with strict durability, all or nothing.
 */
export class IdbBlockStore implements BlockStore {
  readonly kind = 'indexeddb';
  readonly #name: string;
  readonly #connection: IdbConnection<BlocksSchema>;
  readonly #recordKind: RecordKind;

  private constructor(name: string, connection: IdbConnection<BlocksSchema>, recordKind: RecordKind) {
    this.#name = name;
    this.#connection = connection;
    this.#recordKind = recordKind;
  }

  /** Rejects as `IdbConnection.open` does. @param name database; only tests need another one */
  static async open(name: string = BLOCKS_NAME): Promise<IdbBlockStore> {
    const connection = await IdbConnection.open(name, upgrades);
    return new IdbBlockStore(name, connection, await probeRecordKind(connection));
  }

  /** Ends the connection to the database. Files have to be closed before. */
  disconnect(): Promise<void> {
    return this.#connection.close();
  }

  async open(transferId: string, fileIndex: number, sizeBytes: number): Promise<StoredFile> {
    checkFileKey(transferId, fileIndex);
    checkFileSize(sizeBytes);
    const what = `open ${transferId}/${fileIndex}`;
    const unlock = await this.#lockFile(transferId, fileIndex, what);
    try {
      await this.#claim(transferId, fileIndex, sizeBytes, what);
    } catch (cause) {
      await unlock();
      throw storageError(cause, what);
    }
    return new IdbFile({ transferId, fileIndex, sizeBytes }, this.#connection, this.#recordKind, unlock);
  }

  async blob(transferId: string, fileIndex: number): Promise<Blob> {
    checkFileKey(transferId, fileIndex);
    const what = `blob ${transferId}/${fileIndex}`;
    const entry = await this.#connection.run(what, (db) => db.get('files', [transferId, fileIndex]));
    if (entry === undefined) throw new TransferError('storage-failed', 'host', `${what}: it does not exist`);
    const { sizeBytes } = entry;
    // Slices of one Blob of zeros stand for holes.
    const zeros = new Blob([new Uint8Array(Math.min(RECORD_BYTES, sizeBytes))]);
    const parts: Blob[] = [];
    for (let first = 0; first * RECORD_BYTES < sizeBytes; first += BATCH_RECORDS) {
      const records = await this.#connection.run(what, (db) => readBatch(db, transferId, fileIndex, first));
      for (let index = first; index < first + BATCH_RECORDS && index * RECORD_BYTES < sizeBytes; index++) {
        const wantedBytes = Math.min(RECORD_BYTES, sizeBytes - index * RECORD_BYTES);
        const record = records.get(index);
        const keptBytes = record === undefined ? 0 : recordSize(record);
        if (record !== undefined) parts.push(record instanceof Blob ? record : new Blob([record]));
        if (keptBytes < wantedBytes) parts.push(zeros.slice(0, wantedBytes - keptBytes));
      }
    }
    return new Blob(parts);
  }

  async remove(transferId: string): Promise<void> {
    checkTransferId(transferId);
    const what = `remove ${transferId}`;
    const lock = await tryLock(this.#lockName(transferId), 'exclusive');
    if (lock === undefined) throw new TransferError('storage-failed', 'host', `${what}: a file of it is open`);
    try {
      // Arrays sort after numbers, so this is every key that starts with the transfer id.
      const all = IDBKeyRange.bound([transferId], [transferId, []]);
      await this.#connection.write(what, ['files', 'records'], (transaction) =>
        Promise.all([transaction.objectStore('files').delete(all), transaction.objectStore('records').delete(all)]),
      );
    } finally {
      await lock.release();
    }
  }

  async list(): Promise<readonly string[]> {
    const keys = await this.#connection.run('list', (db) => db.getAllKeys('files'));
    return [...new Set(keys.map(([transferId]) => transferId))];
  }

  /** The file's lock, and a share in its transfer's lock, which `remove` needs alone. Gives what releases both. */
  async #lockFile(transferId: string, fileIndex: number, what: string): Promise<() => Promise<void>> {
    const transferLock = await tryLock(this.#lockName(transferId), 'shared');
    if (transferLock === undefined) throw new TransferError('storage-failed', 'host', `${what}: being removed`);
    const fileLock = await tryLock(this.#lockName(`${transferId}/${fileIndex}`), 'exclusive');
    if (fileLock === undefined) {
      await transferLock.release();
      throw new TransferError('storage-failed', 'host', `${what}: it is open already`);
    }
    return async () => {
      await fileLock.release();
      await transferLock.release();
    };
  }

  /** Writes down the size of a new or resized file. Shrinking drops the records beyond it, as truncating does. */
  async #claim(transferId: string, fileIndex: number, sizeBytes: number, what: string): Promise<void> {
    const entry = await this.#connection.run(what, (db) => db.get('files', [transferId, fileIndex]));
    if (entry?.sizeBytes === sizeBytes) return;
    const { usedBytes, quotaBytes } = await storageSpace.estimate();
    const grownBytes = sizeBytes - (entry?.sizeBytes ?? 0);
    if (usedBytes !== undefined && quotaBytes !== undefined && grownBytes > 0 && grownBytes > quotaBytes - usedBytes) {
      const room = `quota ${quotaBytes}, used ${usedBytes}`;
      throw new TransferError('disk-full', 'host', `${what}: ${sizeBytes} bytes do not fit, ${room}`);
    }
    const cutIndex = Math.floor(sizeBytes / RECORD_BYTES);
    const cutKey: [string, number, number] = [transferId, fileIndex, cutIndex];
    await this.#connection.write(what, ['files', 'records'], async (transaction) => {
      const records = transaction.objectStore('records');
      const kept = await records.get(cutKey);
      await Promise.all([
        transaction.objectStore('files').put({ sizeBytes }, [transferId, fileIndex]),
        records.delete(IDBKeyRange.bound(cutKey, [transferId, fileIndex, []])),
        kept === undefined ? undefined : records.put(kept.slice(0, sizeBytes % RECORD_BYTES), cutKey),
      ]);
    });
  }

  #lockName(place: string): string {
    return `${this.#name}/${place}`;
  }
}

/** The records that exist among `BATCH_RECORDS` from `first`, by index. */
async function readBatch(db: IDBPDatabase<BlocksSchema>, transferId: string, fileIndex: number, first: number) {
  const end = [transferId, fileIndex, first + BATCH_RECORDS];
  const range = IDBKeyRange.bound([transferId, fileIndex, first], end, false, true);
  const store = db.transaction('records').objectStore('records');
  const [keys, values] = await Promise.all([store.getAllKeys(range), store.getAll(range)]);
  const records = new Map<number, RecordValue>();
  for (const [position, [, , recordIndex]] of keys.entries()) {
    const value = values[position];
    if (value !== undefined) records.set(recordIndex, value);
  }
  return records;
}

/** Whether this browser really keeps Blobs, found out by keeping one. */
async function probeRecordKind(connection: IdbConnection<BlocksSchema>): Promise<RecordKind> {
  try {
    await connection.run('probe', (db) => db.put('probe', new Blob(['probe']), 'probe'));
    const kept = await connection.run('probe', (db) => db.get('probe', 'probe'));
    return kept instanceof Blob && (await kept.text()) === 'probe' ? 'blob' : 'buffer';
  } catch (cause) {
    // A full disk says nothing about Blobs, and what is stored already has to stay within reach.
    if (cause instanceof TransferError && cause.code === 'disk-full') return 'blob';
    if (cause instanceof TransferError || errorName(cause) === 'NotReadableError') return 'buffer';
    throw storageError(cause, 'probe');
  }
}
