import type { Bytes } from '../../core/bytes.ts';
import type { StoredFile } from '../../ports/block-store.ts';
import { checkRange, closedFileError } from './file-key.ts';
import type { IdbConnection } from './idb-connection.ts';
import { RECORD_BYTES, mergedRecord, recordBytes, recordParts } from './idb-records.ts';
import type { BlocksSchema, RecordKind } from './idb-records.ts';
import { storageError } from './storage-error.ts';

/** One opened file in IndexedDB. `idb-block-store.ts` says how it is kept. */
export class IdbFile implements StoredFile {
  readonly sizeBytes: number;
  readonly #transferId: string;
  readonly #fileIndex: number;
  readonly #connection: IdbConnection<BlocksSchema>;
  readonly #recordKind: RecordKind;
  readonly #unlock: () => Promise<void>;
  readonly #pending = new Set<Promise<unknown>>();
  #isClosed = false;

  /** @param unlock called once, by the first `close` */
  constructor(
    place: { readonly transferId: string; readonly fileIndex: number; readonly sizeBytes: number },
    connection: IdbConnection<BlocksSchema>,
    recordKind: RecordKind,
    unlock: () => Promise<void>,
  ) {
    this.sizeBytes = place.sizeBytes;
    this.#transferId = place.transferId;
    this.#fileIndex = place.fileIndex;
    this.#connection = connection;
    this.#recordKind = recordKind;
    this.#unlock = unlock;
  }

  async write(offset: number, bytes: Bytes): Promise<void> {
    checkRange('write', offset, bytes.length, this.sizeBytes);
    return this.#tracked('write', offset, (what) =>
      this.#connection.write(what, ['records'], async (transaction) => {
        const records = transaction.objectStore('records');
        const puts = recordParts(offset, bytes.length).map(async ({ recordIndex, inRecord, from, length }) => {
          const key = this.#key(recordIndex);
          const old = length === RECORD_BYTES ? undefined : await records.get(key);
          const piece = bytes.subarray(from, from + length);
          await records.put(mergedRecord(old, inRecord, piece, this.#recordKind), key);
        });
        await Promise.all(puts);
      }),
    );
  }

  async read(offset: number, length: number, into?: Bytes): Promise<Bytes> {
    checkRange('read', offset, length, this.sizeBytes);
    return this.#tracked('read', offset, async (what) => {
      const bytes = into?.subarray(0, length).fill(0) ?? new Uint8Array(length);
      for (const part of recordParts(offset, length)) {
        const record = await this.#connection.run(what, (db) => db.get('records', this.#key(part.recordIndex)));
        if (record !== undefined) bytes.set(await recordBytes(record, part.inRecord, part.length), part.from);
      }
      return bytes;
    });
  }

  /** Each write is durable once it resolved; this waits for those that have not. */
  async flush(): Promise<void> {
    return this.#tracked('flush', 0, (_what, others) => settled(others));
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await settled([...this.#pending]);
    await this.#unlock();
  }

  async #tracked<T>(
    operation: string,
    offset: number,
    work: (what: string, others: readonly Promise<unknown>[]) => Promise<T>,
  ): Promise<T> {
    if (this.#isClosed) throw closedFileError(operation, this.#transferId, this.#fileIndex);
    const what = `${operation} ${this.#transferId}/${this.#fileIndex} at ${offset}`;
    const working = work(what, [...this.#pending]);
    this.#pending.add(working);
    try {
      return await working;
    } catch (cause) {
      throw storageError(cause, what);
    } finally {
      this.#pending.delete(working);
    }
  }

  #key(recordIndex: number): [string, number, number] {
    return [this.#transferId, this.#fileIndex, recordIndex];
  }
}

/** Whoever asked for the work hears of its failure; this only waits. */
async function settled(works: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(works);
}
