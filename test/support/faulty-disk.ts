import type { Bytes } from '../../src/core/bytes.ts';
import type { BlockStore, StoredFile } from '../../src/ports/block-store.ts';
import type { FakeClock } from './fake-clock.ts';
import type { Guard } from './page-life.ts';

/** What the disk does wrong. All off by default. */
export interface DiskFaults {
  /** The next so many reads after a write give one wrong bit. */
  corruptReads: number;
  /** Writes wait until this is false. */
  isStalled: boolean;
  /** Each write takes so long, in virtual time. */
  writeMs: number;
}

/** A disk with faults, and with a count of what was really written to it. */
export class FaultyDisk {
  readonly faults: DiskFaults = { corruptReads: 0, isStalled: false, writeMs: 0 };
  /** How often each block was written: `transferId/file/block in file`. */
  readonly writes = new Map<string, number>();
  /** Of those, how often it then could not be read back, or came back wrong. */
  readonly corruptions = new Map<string, number>();
  /** How often a block came back wrong, over all lives of the page. */
  readonly corruptionsEver = new Map<string, number>();
  /** Blocks whose last read-back was right: what the engine may believe that it has. */
  readonly good = new Set<string>();
  /** Blocks that were written and not read back yet. */
  readonly #unread = new Set<string>();
  storedBytes = 0;
  readonly #clock: FakeClock;
  readonly #store: BlockStore & { crash(): void };
  readonly #waiting: (() => void)[] = [];

  constructor(store: BlockStore & { crash(): void }, clock: FakeClock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Writes go on, and at full speed. */
  unstall(): void {
    this.faults.isStalled = false;
    this.faults.writeMs = 0;
    for (const resume of this.#waiting.splice(0)) resume();
  }

  /** Writes of a page that is gone wait for ever. */
  forgetPage(): void {
    this.#waiting.length = 0;
    this.faults.isStalled = false;
  }

  /** A new life begins: what was written before does not count. */
  forgetCounts(): void {
    this.writes.clear();
    this.corruptions.clear();
    this.good.clear();
    this.#unread.clear();
  }

  /** The block is there from an earlier life. */
  believe(key: string): void {
    this.writes.set(key, 1);
    this.good.add(key);
  }

  /** @param store this disk, as one page sees it */
  over(store: BlockStore, guard: Guard): BlockStore {
    return {
      kind: this.#store.kind,
      blob: (transferId, fileIndex) => store.blob(transferId, fileIndex),
      remove: (transferId) => store.remove(transferId),
      list: () => store.list(),
      open: async (transferId, fileIndex, sizeBytes) => {
        const file = await store.open(transferId, fileIndex, sizeBytes);
        return this.#file(file, `${transferId}/${fileIndex}`, guard);
      },
    };
  }

  #file(file: StoredFile, name: string, guard: Guard): StoredFile {
    return {
      sizeBytes: file.sizeBytes,
      flush: () => file.flush(),
      close: () => file.close(),
      write: async (offset, bytes) => {
        await this.#wait();
        await guard(undefined);
        await file.write(offset, bytes);
        const key = `${name}/${offset}`;
        count(this.writes, key);
        this.#unread.add(key);
        this.storedBytes += bytes.length;
      },
      read: async (offset, length, into) => {
        const key = `${name}/${offset}`;
        // Or it is looked at after a crash, which is no write of this life.
        const isReadBack = this.#unread.delete(key);
        const bytes = await this.#read(file, offset, length, key, into);
        if (this.faults.corruptReads === 0) {
          if (isReadBack) this.good.add(key);
          return bytes;
        }
        this.faults.corruptReads--;
        if (isReadBack) {
          count(this.corruptions, key);
          count(this.corruptionsEver, key);
        }
        bytes[length >> 1] = (bytes[length >> 1] ?? 0) ^ 1;
        return bytes;
      },
    };
  }

  async #read(file: StoredFile, offset: number, length: number, key: string, into: Bytes | undefined): Promise<Bytes> {
    try {
      return await file.read(offset, length, into);
    } catch (error) {
      count(this.corruptions, key);
      throw error;
    }
  }

  async #wait(): Promise<void> {
    const { isStalled, writeMs } = this.faults;
    if (isStalled) return new Promise((resume) => this.#waiting.push(resume));
    if (writeMs > 0) return new Promise((resume) => void this.#clock.startTimer(writeMs, resume));
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
