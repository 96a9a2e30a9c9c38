import type { Bytes } from '../../src/core/bytes.ts';
import { BLOCK_BYTES } from '../../src/core/transfer/blocks.ts';
import { storedPlaces } from '../../src/core/transfer/store-layout.ts';
import { FolderBlockStore } from '../../src/adapters/storage/folder-block-store.ts';
import type { TransferOptions } from '../../src/core/transfer/options.ts';
import { DEFAULT_OPTIONS } from '../../src/core/transfer/options.ts';
import type { Hasher } from '../../src/ports/crypto.ts';
import type { SourceFile } from '../../src/ports/file-source.ts';
import type {
  EngineCommand,
  EngineEvent,
  OutgoingFile,
  TransferKind,
  TransferState,
  TransferSummary,
} from '../../src/ports/transfer-engine.ts';
import { TransferRunner } from '../../src/workers/transfer-runner.ts';
import type { FakeClock } from './fake-clock.ts';
import { FaultyDisk } from './faulty-disk.ts';
import { MemoryBlockStore } from './memory-block-store.ts';
import { MemoryJournal } from './memory-journal.ts';
import type { MemoryPickedFolder } from './memory-picked-folder.ts';
import { MemoryTransferLocks } from './memory-transfer-locks.ts';
import { guarded } from './page-life.ts';
import type { SeededRandom } from './seeded-random.ts';

export { MemorySource } from './memory-source.ts';

/** Pages that there were, each a realm of its own. */
let scopes = 0;

/** A device in the simulation: a runner on a disk and a journal in memory, which survive its reloads. */
export class SimulatedDevice {
  readonly store = new MemoryBlockStore();
  readonly journal = new MemoryJournal();
  readonly disk: FaultyDisk;
  readonly locks = new MemoryTransferLocks();
  readonly events: EngineEvent[] = [];
  readonly states = new Map<string, TransferState>();
  /** How transfers ended that this device is done with, reloads or not. */
  readonly outcomes = new Map<string, TransferState>();
  /** How often something happened that makes a receiver drop what it holds. */
  drops = 0;
  readonly roots = new Map<string, string>();
  readonly failures = new Map<string, string>();
  readonly bytesDone = new Map<string, number>();
  /** Of each transfer, as it was told last. */
  readonly summaries = new Map<string, TransferSummary>();
  readonly linkFailures: string[] = [];
  /** What this device promises and did not keep. An error thrown into the engine would only end up in the engine. */
  readonly violations: string[] = [];
  /** Files of what was sent, to be chosen again after a reload. */
  readonly sources = new Map<string, readonly SourceFile[]>();
  runner: TransferRunner;
  acceptsAll = true;
  /** Offers are accepted into it. */
  folder: MemoryPickedFolder | undefined;
  /** After a reload the person chooses the same files again, for all that wants them. */
  choosesAgain = false;
  /** Makes the connections of lanes, as a window does. */
  onPageEvent: ((event: Extract<EngineEvent, { type: 'openLane' | 'closeLane' | 'pageFrame' }>) => void) | undefined;
  /** Offers that the person says no to. */
  readonly declines = new Set<string>();
  readonly #clock: FakeClock;
  readonly #random: SeededRandom;
  readonly #options: TransferOptions;
  readonly #hasher: Hasher;
  #life = 0;

  constructor(clock: FakeClock, random: SeededRandom, hasher: Hasher, options: Partial<TransferOptions>) {
    this.#hasher = hasher;
    this.#clock = clock;
    this.#random = random;
    this.#options = { ...DEFAULT_OPTIONS, ...options };
    this.disk = new FaultyDisk(this.store, clock);
    this.runner = this.#newRunner();
  }

  get faults(): FaultyDisk['faults'] {
    return this.disk.faults;
  }

  /** How often each block was written: `transferId/file/block in file`. */
  get writes(): Map<string, number> {
    return this.disk.writes;
  }

  get storedBytes(): number {
    return this.disk.storedBytes;
  }

  /**
   * The page is gone and comes back; nothing of the old one acts any more. What was not flushed is lost, as by a power cut.
   * @param keepsWrites only the browser died: the system still has all that was written
   */
  reload(keepsWrites = false): void {
    this.#life++;
    this.locks.closeTabs();
    if (keepsWrites) this.store.sync();
    this.store.crash();
    this.disk.forgetPage();
    if (this.folder !== undefined) this.folder.disk.life++;
    this.bytesDone.clear();
    this.states.clear();
    this.failures.clear();
    this.runner = this.#newRunner();
  }

  /** What the disk has of a received file; undefined where it has none. @param files all of the transfer's */
  receivedBytes(
    transferId: string,
    fileIndex: number,
    files: readonly { readonly sizeBytes: number }[],
  ): Bytes | undefined {
    const place = storedPlaces(files, files.length)[fileIndex];
    const sizeBytes = files[fileIndex]?.sizeBytes ?? 0;
    // Nothing has to be there for it.
    if (place === undefined || sizeBytes === 0) return new Uint8Array(0);
    return this.store.contents(transferId, place.storedIndex)?.slice(place.offset, place.offset + sizeBytes);
  }

  unstall(): void {
    this.disk.unstall();
  }

  send(transferId: string, files: readonly SourceFile[], kind: TransferKind = 'files'): void {
    this.sources.set(transferId, files);
    this.runner.post({ type: 'send', kind, transferId, files: boxed(files) });
  }

  post(command: EngineCommand): void {
    this.runner.post(command);
  }

  /** Chooses files again for a transfer that was restored. */
  attach(transferId: string, files: readonly SourceFile[], withoutMissing = false): void {
    this.runner.post({
      type: 'attachFiles',
      transferId,
      files: boxed(files),
      ...(withoutMissing ? { withoutMissing } : {}),
    });
  }

  accept(transferId: string, runner = this.runner): void {
    const folder = this.folder === undefined ? {} : { folder: this.folder.handle };
    runner.post({ type: 'accept', transferId, ...folder });
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
    const store = this.disk.over(guarded(this.store, guard), guard);
    const runner = new TransferRunner(
      {
        openStorage: async () => ({ store, journal: guarded(this.journal, guard) }),
        hasher: this.#hasher,
        random: { bytes: (count) => this.#random.bytes(count) },
        clock: this.#clock,
        locks: this.locks.tab(),
        openSource: ({ path, file }) => {
          if (file instanceof SourceBox) return file.source;
          if (file === undefined) return emptyFolder(path);
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
        return this.#onTransfer(event.transfer);
      case 'state':
        this.#onState(event.transferId, event.state);
        if (event.root !== undefined) this.roots.set(event.transferId, event.root);
        if (event.failure === undefined) this.failures.delete(event.transferId);
        else this.failures.set(event.transferId, event.failure.code);
        return;
      case 'progress':
        return this.#onProgress(event.transferId, event.bytesDone);
      case 'linkClosed':
        if (event.failure !== undefined) this.linkFailures.push(event.failure.code);
        return;
      case 'failed':
        this.violations.push(`engine failed: ${event.failure.code} ${event.failure.message}`);
        return;
      case 'openLane':
      case 'closeLane':
      case 'pageFrame':
        return this.onPageEvent?.(event);
      case 'storage':
      case 'restored':
      case 'linkOpen':
      case 'linkSilent':
      case 'linkHeard':
      case 'file':
      case 'attached':
      case 'removed':
        return;
    }
  }

  #onTransfer(transfer: TransferSummary): void {
    const { transferId } = transfer;
    // A sender whose page died before its journal was cleared asks for the receipt again.
    if (transfer.direction === 'sending' && transfer.needsFiles) this.outcomes.delete(transferId);
    this.#onState(transferId, transfer.state);
    this.summaries.set(transferId, transfer);
    this.#onProgress(transferId, transfer.bytesDone);
    if (transfer.direction === 'receiving' && transfer.state === 'offered') this.#answer(transferId);
    const files = this.sources.get(transferId);
    if (this.choosesAgain && transfer.direction === 'sending' && transfer.needsFiles && files !== undefined) {
      queueMicrotask(() => this.attach(transferId, files));
    }
  }

  #onState(transferId: string, state: TransferState): void {
    const before = this.outcomes.get(transferId);
    if (before === 'verified' && state !== 'verified') this.violations.push(`verified, and then ${state}`);
    this.states.set(transferId, state);
    if (state === 'failed' || state === 'paused' || state === 'cancelled') this.drops++;
    if (state === 'verified' || state === 'declined') this.outcomes.set(transferId, state);
  }

  #onProgress(transferId: string, bytesDone: number): void {
    const before = this.bytesDone.get(transferId) ?? 0;
    const { totalBytes } = this.summaries.get(transferId) ?? { totalBytes: bytesDone };
    if (bytesDone < before) this.violations.push(`progress went back from ${before} to ${bytesDone}`);
    if (bytesDone > totalBytes) this.violations.push(`progress ${bytesDone} of ${totalBytes}`);
    this.bytesDone.set(transferId, bytesDone);
  }

  /** As a person would: in a task of its own. */
  #answer(transferId: string): void {
    const { runner } = this;
    if (this.declines.has(transferId)) queueMicrotask(() => runner.post({ type: 'decline', transferId }));
    else if (this.acceptsAll) queueMicrotask(() => this.accept(transferId, runner));
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

function boxed(files: readonly SourceFile[]): readonly OutgoingFile[] {
  return files.map((source) => ({
    path: source.path,
    file: source.isFolder === true ? undefined : new SourceBox(source),
  }));
}

function emptyFolder(path: string): SourceFile {
  return {
    path,
    sizeBytes: 0,
    lastModifiedEpochMs: 0,
    isFolder: true,
    read: async () => {
      throw new Error('a folder was read');
    },
  };
}

/** Of every block of a transfer: `stored file/byte in it`, where the receiver's disk has it. */
export function blockPlaces(files: readonly { readonly sizeBytes: number }[]): readonly string[] {
  const places = storedPlaces(files, files.length);
  return files.flatMap(({ sizeBytes }, fileIndex) => {
    const { storedIndex = fileIndex, offset = 0 } = places[fileIndex] ?? {};
    const blockCount = Math.ceil(sizeBytes / BLOCK_BYTES);
    return Array.from({ length: blockCount }, (_, block) => `${storedIndex}/${offset + block * BLOCK_BYTES}`);
  });
}

/** The bytes of every block, in the same order. */
export function blockContents(files: readonly { readonly bytes: Bytes }[]): readonly Uint8Array[] {
  return files.flatMap(({ bytes }) =>
    Array.from({ length: Math.ceil(bytes.length / BLOCK_BYTES) }, (_, block) =>
      bytes.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES),
    ),
  );
}
