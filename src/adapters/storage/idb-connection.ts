import { openDB } from 'idb';
import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import { TransferError } from '../../core/errors.ts';
import { describeCause, errorName } from '../exceptions.ts';
import { storageError } from './storage-error.ts';

/** How long an upgrade waits for other tabs to let go (ours do so at once, after what they are writing). */
const BLOCKED_TIMEOUT_MS = 3000;

/**
 * Takes the database from one version to the next, inside the upgrade transaction. Entry `n` of a list makes version
 * `n + 1`; entries are only ever added. No awaiting of anything but this transaction.
 */
export type Upgrade<Schema extends DBSchema> = (
  db: IDBPDatabase<Schema>,
  transaction: IDBPTransaction<Schema, StoreNames<Schema>[], 'versionchange'>,
) => void;

/**
 * One IndexedDB database that never hangs and survives losing its connection.
 *
 * - A newer version of the app in another tab upgrades the database: we close at once, and every later use rejects with
 *   'storage-failed' (VersionError) until a reload. We never hold the other tab up.
 * - A tab that does not let go (an old bug, a frozen tab): opening rejects with 'storage-failed' after 3 s.
 * - The browser closes the connection (Safari loses its storage process, a person clears site data): it is opened again
 *   and the operation is tried once more. So operations have to be repeatable: put, delete, get.
 */
export class IdbConnection<Schema extends DBSchema> {
  readonly #name: string;
  readonly #upgrades: readonly Upgrade<Schema>[];
  readonly #blockedTimeoutMs: number;
  #db: Promise<IDBPDatabase<Schema>> | undefined;

  private constructor(name: string, upgrades: readonly Upgrade<Schema>[], blockedTimeoutMs: number) {
    this.#name = name;
    this.#upgrades = upgrades;
    this.#blockedTimeoutMs = blockedTimeoutMs;
  }

  /**
   * Rejects with 'storage-unavailable' where the browser has no IndexedDB or refuses it, 'disk-full', or
   * 'storage-failed' for anything else.
   */
  static async open<Schema extends DBSchema>(
    name: string,
    upgrades: readonly Upgrade<Schema>[],
    blockedTimeoutMs: number = BLOCKED_TIMEOUT_MS,
  ): Promise<IdbConnection<Schema>> {
    if (typeof indexedDB === 'undefined') {
      throw new TransferError('storage-unavailable', 'host', `open ${name}: there is no indexedDB here`);
    }
    const connection = new IdbConnection(name, upgrades, blockedTimeoutMs);
    await connection.#connected();
    return connection;
  }

  /** Runs one repeatable operation. `what` is for the message of the TransferError that it rejects with. */
  async run<T>(what: string, operation: (db: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
    const db = await this.#connected();
    try {
      return await operation(db);
    } catch (cause) {
      if (!isConnectionLost(cause)) throw storageError(cause, what);
      db.close();
      this.#db = undefined;
    }
    const freshDb = await this.#connected();
    try {
      return await operation(freshDb);
    } catch (cause) {
      throw storageError(cause, what);
    }
  }

  /**
   * Runs one repeatable write in one transaction, all or nothing, that is on disk when it resolves: strict durability
   * (Indexed Database API 3.0 §2.7.1), because the browsers otherwise report success before the disk has it.
   *
   * @param work may await nothing but requests of this transaction
   */
  async write<Name extends StoreNames<Schema>>(
    what: string,
    stores: readonly Name[],
    work: (transaction: IDBPTransaction<Schema, Name[], 'readwrite'>) => Promise<unknown>,
  ): Promise<void> {
    await this.run(what, async (db) => {
      const transaction = db.transaction<Name[], 'readwrite'>([...stores], 'readwrite', { durability: 'strict' });
      // Awaited below, unless `work` fails first.
      transaction.done.catch(() => undefined);
      try {
        await work(transaction);
        await transaction.done;
      } catch (cause) {
        abort(transaction);
        // A full disk aborts the transaction; its requests then only say AbortError.
        throw transaction.error ?? cause;
      }
    });
  }

  /** Ends the connection after what is being written. Idempotent; a later `run` opens it again. */
  async close(): Promise<void> {
    const opening = this.#db;
    this.#db = undefined;
    if (opening !== undefined) (await opening).close();
  }

  async #connected(): Promise<IDBPDatabase<Schema>> {
    const opening = this.#db ?? this.#open();
    this.#db = opening;
    try {
      return await opening;
    } catch (cause) {
      if (this.#db === opening) this.#db = undefined;
      throw cause;
    }
  }

  async #open(): Promise<IDBPDatabase<Schema>> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const forget = (): void => {
      this.#db = undefined;
    };
    try {
      return await new Promise((resolve, reject) => {
        let isGivenUp = false;
        const opening = openDB<Schema>(this.#name, this.#upgrades.length, {
          upgrade: (db, oldVersion, _newVersion, transaction) => {
            // When it aborts, opening rejects as well.
            transaction.done.catch(() => undefined);
            for (const upgrade of this.#upgrades.slice(oldVersion)) upgrade(db, transaction);
          },
          blocked: () => {
            timer = setTimeout(() => {
              isGivenUp = true;
              reject(new TransferError('storage-failed', 'host', `open ${this.#name}: another tab holds it`));
            }, this.#blockedTimeoutMs);
          },
          blocking: (_currentVersion, _blockedVersion, event) => {
            forget();
            if (event.target instanceof IDBDatabase) event.target.close();
          },
          terminated: forget,
        });
        // The request cannot be taken back: when it comes through after all, it must not hold anybody up.
        opening.then((db) => (isGivenUp ? db.close() : resolve(db)), reject);
      });
    } catch (cause) {
      throw openError(cause, this.#name);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Undoes what a failed transaction did. A request that threw (DataCloneError, say) leaves it running, to be committed. */
function abort(transaction: { abort(): void }): void {
  try {
    transaction.abort();
  } catch (cause) {
    // It has aborted by itself.
    if (errorName(cause) !== 'InvalidStateError') throw cause;
  }
}

/** SecurityError: cookies and site data are blocked. InvalidStateError: Firefox with storage switched off. */
function openError(cause: unknown, name: string): TransferError {
  if (!['SecurityError', 'InvalidStateError'].includes(errorName(cause))) return storageError(cause, `open ${name}`);
  return new TransferError('storage-unavailable', 'host', `open ${name}: ${describeCause(cause)}`, cause);
}

/**
 * InvalidStateError: `transaction()` on a closed connection. The words: WebKit's storage process died, and no `close`
 * event says so (https://bugs.webkit.org/show_bug.cgi?id=197050 and 277615).
 */
function isConnectionLost(cause: unknown): boolean {
  if (cause instanceof TransferError) return false;
  return errorName(cause) === 'InvalidStateError' || describeCause(cause).includes('Database server lost');
}
