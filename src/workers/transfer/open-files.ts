import { TransferError } from '../../core/errors.ts';
import type { BlockStore, StoredFile } from '../../ports/block-store.ts';

/** Files that stay open between blocks. Few enough for any platform, enough for many small files side by side. */
const MAX_OPEN_FILES = 64;

interface OpenFile {
  readonly key: string;
  readonly transferId: string;
  readonly file: Promise<StoredFile>;
  /** Uses that have not ended: it is not closed under them. */
  users: number;
  /** Something was written since the last flush. */
  isDirty: boolean;
  closing: Promise<void> | undefined;
}

/** The files that received blocks go into, opened when needed and kept open, up to a bound. */
export class OpenFiles {
  readonly #store: BlockStore;
  /** Least recently used first. */
  readonly #files = new Map<string, OpenFile>();
  /** A file that could not be opened or closed: its transfer's next checkpoint must not be written. */
  readonly #lostFlushes = new Map<string, unknown>();

  constructor(store: BlockStore) {
    this.#store = store;
  }

  /** Runs `action` on the open file. Rejects as `BlockStore.open` does, and as `action` does. */
  async write<T>(
    transferId: string,
    fileIndex: number,
    sizeBytes: number,
    action: (file: StoredFile) => Promise<T>,
  ): Promise<T> {
    const entry = await this.#open(transferId, fileIndex, sizeBytes);
    try {
      return await action(await entry.file);
    } finally {
      // Only now: a flush that ran beside the write may have missed it.
      entry.isDirty = true;
      entry.users--;
      this.#closeSurplus();
    }
  }

  /** After this, everything written to the transfer's files so far survives a crash. */
  async flush(transferId: string): Promise<void> {
    await Promise.all(this.#of(transferId).map((entry) => flushUnlessClosed(entry)));
    const lost = this.#lostFlushes.get(transferId);
    this.#lostFlushes.delete(transferId);
    if (lost !== undefined) throw lost;
  }

  /**
   * Flushes, and closes all files of the transfer that are open now: no use of them may be going on. What is opened
   * meanwhile stays open. Rejects while one cannot be flushed.
   */
  async close(transferId: string): Promise<void> {
    const entries = this.#of(transferId);
    await this.#closeAll(entries);
    await this.flush(transferId);
    // Those that only a second attempt could flush.
    await this.#closeAll(entries);
  }

  /** Closes all files of the transfer, which are going to be deleted: nothing has to be flushed. */
  async abandon(transferId: string): Promise<void> {
    const entries = this.#of(transferId);
    for (const entry of entries) entry.isDirty = false;
    await this.#closeAll(entries);
    this.#lostFlushes.delete(transferId);
  }

  async #closeAll(entries: readonly OpenFile[]): Promise<void> {
    await Promise.all(entries.map((entry) => this.#close(entry)));
  }

  async #open(transferId: string, fileIndex: number, sizeBytes: number): Promise<OpenFile> {
    const key = `${transferId}/${fileIndex}`;
    for (let closing = this.#files.get(key)?.closing; closing !== undefined; closing = this.#files.get(key)?.closing) {
      await closing;
    }
    const entry = this.#files.get(key) ?? this.#newEntry(key, transferId, fileIndex, sizeBytes);
    entry.users++;
    this.#files.delete(key);
    this.#files.set(key, entry);
    return entry;
  }

  #newEntry(key: string, transferId: string, fileIndex: number, sizeBytes: number): OpenFile {
    const file = this.#store.open(transferId, fileIndex, sizeBytes);
    const entry: OpenFile = { key, transferId, file, users: 0, isDirty: false, closing: undefined };
    // Whoever uses it sees the error; the next one tries again.
    file.catch(() => this.#files.delete(key));
    return entry;
  }

  #of(transferId: string): readonly OpenFile[] {
    return [...this.#files.values()].filter((entry) => entry.transferId === transferId);
  }

  #closeSurplus(): void {
    let surplus = this.#files.size - MAX_OPEN_FILES;
    for (const entry of this.#files.values()) {
      if (surplus <= 0) return;
      if (entry.users > 0 || entry.closing !== undefined) continue;
      surplus--;
      void this.#close(entry);
    }
  }

  /** Never rejects: what goes wrong comes out of the next `flush`. A file that cannot be flushed stays open. */
  #close(entry: OpenFile): Promise<void> {
    entry.closing ??= this.#flushAndClose(entry);
    return entry.closing;
  }

  async #flushAndClose(entry: OpenFile): Promise<void> {
    try {
      await flushFile(entry);
    } catch {
      // It stays open and dirty, so that the next flush tries again, and says what is wrong: were it closed, a later
      // checkpoint could vouch for what never reached the disk.
      entry.closing = undefined;
      return;
    }
    try {
      await (await entry.file).close();
    } catch (error) {
      this.#lostFlushes.set(entry.transferId, error);
    } finally {
      this.#files.delete(entry.key);
    }
  }
}

/** A close that is under way flushes too; where it could not, this is the second attempt. */
async function flushUnlessClosed(entry: OpenFile): Promise<void> {
  await entry.closing;
  await flushFile(entry);
}

async function flushFile(entry: OpenFile): Promise<void> {
  if (!entry.isDirty) return;
  // Before the flush: what is written while it runs is for the next one.
  entry.isDirty = false;
  try {
    await (await entry.file).flush();
  } catch (error) {
    entry.isDirty = true;
    throw error instanceof TransferError ? error : new TransferError('storage-failed', 'host', 'flush failed', error);
  }
}
