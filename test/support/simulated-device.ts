import { FolderBlockStore } from '../../src/adapters/storage/folder-block-store.ts';
import type { TransferError } from '../../src/core/errors.ts';
import { BLOCK_BYTES } from '../../src/core/transfer/blocks.ts';
import type { TransferOptions } from '../../src/core/transfer/options.ts';
import { DEFAULT_OPTIONS } from '../../src/core/transfer/options.ts';
import type { BlockStore, StoredFile } from '../../src/ports/block-store.ts';
import type { Hasher } from '../../src/ports/crypto.ts';
import type { SourceFile } from '../../src/ports/file-source.ts';
import type { Journal } from '../../src/ports/journal.ts';
import type { EngineEvent, TransferState } from '../../src/ports/transfer-engine.ts';
import { TransferRunner } from '../../src/workers/transfer-runner.ts';
import type { FakeClock } from './fake-clock.ts';
import { MemoryBlockStore } from './memory-block-store.ts';
import type { MemoryDirectory } from './memory-directory.ts';
import { MemoryJournal } from './memory-journal.ts';
import { MemoryTransferLocks } from './memory-transfer-locks.ts';
import type { SeededRandom } from './seeded-random.ts';

/** What the disk does wrong. All off by default. */
export interface DiskFaults {
  /** The next so many reads after a write give one wrong bit. */
  corruptReads: number;
  /** Writes wait until this is false. */
  isStalled: boolean;
}

/** Pages that there were, each a realm of its own. */
let scopes = 0;

/** A device in the simulation: a runner on a disk and a journal in memory, which survive its reloads. */
export class SimulatedDevice {
  readonly store = new MemoryBlockStore();
  readonly journal = new MemoryJournal();
  readonly locks = new MemoryTransferLocks();
  readonly faults: DiskFaults = { corruptReads: 0, isStalled: false };
  readonly events: EngineEvent[] = [];
  readonly states = new Map<string, TransferState>();
  readonly roots = new Map<string, string>();
  readonly failures = new Map<string, string>();
  readonly bytesDone = new Map<string, number>();
  readonly linkFailures: string[] = [];
  /** How often each block was written: `transferId/file/offset`. */
  readonly writes = new Map<string, number>();
  storedBytes = 0;
  runner: TransferRunner;
  acceptsAll = true;
  /** Offers are accepted into it. */
  folder: MemoryDirectory | undefined;
  readonly #clock: FakeClock;
  readonly #random: SeededRandom;
  readonly #options: TransferOptions;
  readonly #hasher: Hasher;
  readonly #stalled: (() => void)[] = [];
  #life = 0;

  constructor(clock: FakeClock, random: SeededRandom, hasher: Hasher, options: Partial<TransferOptions>) {
    this.#hasher = hasher;
    this.#clock = clock;
    this.#random = random;
    this.#options = { ...DEFAULT_OPTIONS, ...options };
    this.runner = this.#newRunner();
  }

  /** The page is gone and comes back: what was not flushed is lost, and nothing of the old page acts any more. */
  reload(): void {
    this.#life++;
    this.locks.closeTabs();
    this.store.crash();
    if (this.folder !== undefined) this.folder.disk.life++;
    this.bytesDone.clear();
    this.states.clear();
    this.runner = this.#newRunner();
  }

  unstall(): void {
    this.faults.isStalled = false;
    for (const resume of this.#stalled.splice(0)) resume();
  }

  send(transferId: string, files: readonly SourceFile[]): void {
    this.runner.post({
      type: 'send',
      kind: 'files',
      transferId,
      files: files.map((source) => ({ path: source.path, file: new SourceBox(source) })),
    });
  }

  /** Chooses files again for a transfer that was restored. */
  attach(transferId: string, files: readonly SourceFile[], withoutMissing = false): void {
    this.runner.post({
      type: 'attachFiles',
      transferId,
      files: files.map((source) => ({ path: source.path, file: new SourceBox(source) })),
      ...(withoutMissing ? { withoutMissing } : {}),
    });
  }

  accept(transferId: string): void {
    const folder = this.folder === undefined ? {} : { folder: this.folder.handle };
    this.runner.post({ type: 'accept', transferId, ...folder });
  }

  /** Another tab of the same browser. @returns its runner, and what it tells its window */
  openTab(): { readonly runner: TransferRunner; readonly events: readonly EngineEvent[] } {
    const events: EngineEvent[] = [];
    return { runner: this.#newRunner((event) => events.push(event)), events };
  }

  #newRunner(emit: (event: EngineEvent) => void = (event) => this.#onEvent(event)): TransferRunner {
    const life = this.#life;
    const guard = <T>(value: T): T | Promise<T> => (life === this.#life ? value : new Promise<T>(() => {}));
    const scope = ++scopes;
    const store = this.#diskWithFaults(guardStore(this.store, guard), life);
    const runner = new TransferRunner(
      {
        openStorage: async () => ({ store, journal: guardJournal(this.journal, guard) }),
        hasher: this.#hasher,
        random: { bytes: (count) => this.#random.bytes(count) },
        clock: this.#clock,
        locks: this.locks.tab(),
        openSource: ({ file }) => {
          if (file instanceof SourceBox) return file.source;
          throw new TypeError('not a SourceBox');
        },
        openFolder: (folder) => new FolderBlockStore(folder, `simulated ${scope}`),
      },
      (event) => {
        if (life === this.#life) emit(event);
      },
      this.#options,
    );
    void runner.start();
    return runner;
  }

  #onEvent(event: EngineEvent): void {
    this.events.push(event);
    switch (event.type) {
      case 'transfer':
        this.states.set(event.transfer.transferId, event.transfer.state);
        if (event.transfer.direction === 'receiving') this.#answer(event.transfer.transferId, event.transfer.state);
        return;
      case 'state':
        this.states.set(event.transferId, event.state);
        if (event.root !== undefined) this.roots.set(event.transferId, event.root);
        if (event.failure !== undefined) this.failures.set(event.transferId, event.failure.code);
        return;
      case 'progress': {
        const before = this.bytesDone.get(event.transferId) ?? 0;
        if (event.bytesDone < before) throw new Error(`progress went back from ${before} to ${event.bytesDone}`);
        this.bytesDone.set(event.transferId, event.bytesDone);
        return;
      }
      case 'linkClosed':
        if (event.failure !== undefined) this.linkFailures.push(event.failure.code);
        return;
      case 'failed':
        throw new Error(`engine failed: ${event.failure.code} ${event.failure.message}`);
      case 'linkOpen':
      case 'verification':
      case 'file':
      case 'attached':
      case 'removed':
        return;
    }
  }

  #answer(transferId: string, state: TransferState): void {
    if (!this.acceptsAll || state !== 'offered') return;
    // As a person would: in a task of its own.
    queueMicrotask(() => this.accept(transferId));
  }

  #diskWithFaults(store: BlockStore, life: number): BlockStore {
    return {
      kind: store.kind,
      blob: (transferId, fileIndex) => store.blob(transferId, fileIndex),
      remove: (transferId) => store.remove(transferId),
      list: () => store.list(),
      open: async (transferId, fileIndex, sizeBytes) => {
        const file = await store.open(transferId, fileIndex, sizeBytes);
        return this.#fileWithFaults(file, `${transferId}/${fileIndex}`, life);
      },
    };
  }

  #fileWithFaults(file: StoredFile, name: string, life: number): StoredFile {
    return {
      sizeBytes: file.sizeBytes,
      flush: () => file.flush(),
      close: () => file.close(),
      write: async (offset, bytes) => {
        if (this.faults.isStalled) await new Promise<void>((resume) => this.#stalled.push(resume));
        if (life !== this.#life) await new Promise(() => {});
        await file.write(offset, bytes);
        const key = `${name}/${offset / BLOCK_BYTES}`;
        this.writes.set(key, (this.writes.get(key) ?? 0) + 1);
        this.storedBytes += bytes.length;
      },
      read: async (offset, length, into) => {
        const bytes = await file.read(offset, length, into);
        if (this.faults.corruptReads > 0) {
          this.faults.corruptReads--;
          bytes[length >> 1] = (bytes[length >> 1] ?? 0) ^ 1;
        }
        return bytes;
      },
    };
  }
}

/** Carries a source through a command, in the place of the `File` that a window would post. */
class SourceBox extends File {
  readonly source: SourceFile;

  constructor(source: SourceFile) {
    super([], source.path);
    this.source = source;
  }
}

/** A folder with nothing in it. */
export class MemoryFolderSource implements SourceFile {
  readonly path: string;
  readonly sizeBytes = 0;
  readonly lastModifiedEpochMs = 0;
  readonly isFolder = true;

  constructor(path: string) {
    this.path = path;
  }

  async read(): Promise<Uint8Array<ArrayBuffer>> {
    throw new TypeError('a folder has no bytes');
  }
}

/** A file in memory. */
export class MemorySource implements SourceFile {
  readonly path: string;
  lastModifiedEpochMs = 1_700_000_000_000;
  readonly bytes: Uint8Array<ArrayBuffer>;
  failure: TransferError | undefined;

  constructor(path: string, bytes: Uint8Array<ArrayBuffer>) {
    this.path = path;
    this.bytes = bytes;
  }

  get sizeBytes(): number {
    return this.bytes.length;
  }

  async read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    if (this.failure !== undefined) throw this.failure;
    return this.bytes.slice(offset, offset + length);
  }
}

type Guard = <T>(value: T) => T | Promise<T>;

/** Answers of the disk to a page that is gone never arrive. */
function guardStore(store: BlockStore, guard: Guard): BlockStore {
  return {
    kind: store.kind,
    open: async (transferId, fileIndex, sizeBytes) => {
      await guard(undefined);
      return store.open(transferId, fileIndex, sizeBytes);
    },
    blob: (transferId, fileIndex) => store.blob(transferId, fileIndex),
    remove: async (transferId) => {
      await guard(undefined);
      return store.remove(transferId);
    },
    list: () => store.list(),
  };
}

function guardJournal(journal: Journal, guard: Guard): Journal {
  return {
    putTransfer: async (header) => {
      await guard(undefined);
      return guard(await journal.putTransfer(header));
    },
    getTransfer: (transferId) => journal.getTransfer(transferId),
    listTransfers: () => journal.listTransfers(),
    putManifestPage: async (transferId, pageIndex, files) => {
      await guard(undefined);
      return guard(await journal.putManifestPage(transferId, pageIndex, files));
    },
    getManifestPage: (transferId, pageIndex) => journal.getManifestPage(transferId, pageIndex),
    checkpoint: async (transferId, pages, header) => {
      await guard(undefined);
      return guard(await journal.checkpoint(transferId, pages, header));
    },
    getBlockPage: (transferId, pageIndex) => journal.getBlockPage(transferId, pageIndex),
    deleteTransfer: async (transferId) => {
      await guard(undefined);
      return guard(await journal.deleteTransfer(transferId));
    },
  };
}
