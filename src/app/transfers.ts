import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { TransferError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { EngineEvent, EngineFailure, TransferState, TransferSummary } from '../ports/transfer-engine.ts';
import type { SavingView, TransferView } from './model.ts';
import { RateMeter } from './rate.ts';
import { missingBytes } from './storage-room.ts';

/** What one transfer looks like to the app itself: the view's signals, writable. */
interface Entry {
  readonly view: TransferView;
  readonly files: Signal<TransferSummary['files']>;
  readonly state: Signal<TransferState>;
  readonly needsFiles: Signal<boolean>;
  readonly bytesDone: Signal<number>;
  readonly bytesPerSec: Signal<number | undefined>;
  readonly secondsLeft: Signal<number | undefined>;
  readonly error: Signal<TransferError | undefined>;
  readonly root: Signal<string | undefined>;
  readonly savedFiles: Signal<ReadonlySet<number>>;
  readonly isSaved: Signal<boolean>;
  readonly saving: Signal<SavingView | undefined>;
  readonly text: Signal<string | undefined>;
  /** Of files that did not come: they changed, or could not be read, at the sender. */
  readonly withdrawn: Set<number>;
  readonly rate: RateMeter;
  /** Bytes or an offer came or went over the current link. */
  isOfLink: boolean;
}

/** Keeps the list of transfers as the engine tells of them. */
export class Transfers {
  readonly #clock: Clock;
  readonly #freeBytes: ReadonlySignal<number | undefined>;
  readonly #entries = new Map<string, Entry>();
  readonly #views = signal<readonly TransferView[]>([]);

  /** @param freeBytes room on this device; undefined where nobody knows */
  constructor(clock: Clock, freeBytes: ReadonlySignal<number | undefined>) {
    this.#clock = clock;
    this.#freeBytes = freeBytes;
  }

  get views(): ReadonlySignal<readonly TransferView[]> {
    return this.#views;
  }

  get(transferId: string): TransferView | undefined {
    return this.#entries.get(transferId)?.view;
  }

  /** From now on, what happens happens on a new link. */
  startLink(): void {
    for (const entry of this.#entries.values()) entry.isOfLink = false;
  }

  /** The transfers that the current link, or the last one, had a part in. */
  idsOfLink(): readonly string[] {
    return Array.from(this.#entries.values(), ({ view, isOfLink }) => (isOfLink ? [view.id] : [])).flat();
  }

  /** True while bytes flow or the person still has something to decide, and while files are on their way out. */
  isBusy(): boolean {
    for (const { state, saving } of this.#entries.values()) {
      if (isLive(state.value) || saving.value !== undefined) return true;
    }
    return false;
  }

  /** Those that nothing happens with: neither under way, here or in another tab, nor being saved. */
  restingIds(): readonly string[] {
    return Array.from(this.#entries.values()).flatMap((entry) => (isResting(entry) ? [entry.view.id] : []));
  }

  heard(event: Extract<EngineEvent, { type: 'transfer' | 'progress' | 'state' | 'file' | 'removed' }>): void {
    switch (event.type) {
      case 'transfer':
        return this.#known(event.transfer);
      case 'progress':
        return this.#progressed(event.transferId, event.bytesDone);
      case 'state':
        return this.#changed(event.transferId, event.state, event.failure, event.root);
      case 'file':
        if (event.outcome === 'withdrawn') this.#entries.get(event.transferId)?.withdrawn.add(event.fileIndex);
        return;
      case 'removed':
        this.#entries.delete(event.transferId);
        return this.#publish();
      default:
        event satisfies never;
    }
  }

  /** Of files that can be saved: all but those that the sender withdrew. */
  savableIndexes(transferId: string): readonly number[] {
    const entry = this.#entries.get(transferId);
    if (entry === undefined) return [];
    return Array.from(entry.files.value.keys()).filter((index) => !entry.withdrawn.has(index));
  }

  setSaving(transferId: string, saving: SavingView | undefined): void {
    const entry = this.#entries.get(transferId);
    if (entry !== undefined) entry.saving.value = saving;
  }

  /** @returns true when all that there is has been saved with this */
  markSaved(transferId: string, fileIndexes: readonly number[]): boolean {
    const entry = this.#entries.get(transferId);
    if (entry === undefined) return false;
    const saved = new Set([...entry.savedFiles.value, ...fileIndexes]);
    entry.savedFiles.value = saved;
    entry.isSaved.value ||= this.savableIndexes(transferId).every((index) => saved.has(index));
    return entry.isSaved.value;
  }

  setText(transferId: string, text: string): void {
    const entry = this.#entries.get(transferId);
    if (entry !== undefined) entry.text.value = text;
  }

  #known(summary: TransferSummary): void {
    const known = this.#entries.get(summary.transferId);
    if (known !== undefined) {
      // Told again after a new link, or with more of a long list of files.
      known.bytesDone.value = summary.bytesDone;
      known.files.value = summary.files;
      known.needsFiles.value = summary.needsFiles;
      this.#changed(summary.transferId, summary.state, undefined, undefined);
      return;
    }
    const entry = createEntry(summary, this.#freeBytes);
    entry.isOfLink = isLive(summary.state);
    this.#entries.set(summary.transferId, entry);
    this.#publish();
  }

  #progressed(transferId: string, bytesDone: number): void {
    const entry = this.#entries.get(transferId);
    if (entry === undefined) return;
    const nowMs = this.#clock.nowMs();
    entry.isOfLink = true;
    entry.rate.add(bytesDone, nowMs);
    entry.bytesDone.value = bytesDone;
    entry.bytesPerSec.value = entry.rate.bytesPerSec(nowMs);
    entry.secondsLeft.value = entry.rate.secondsLeft(entry.view.totalBytes - bytesDone, nowMs);
  }

  #changed(
    transferId: string,
    state: TransferState,
    failure: EngineFailure | undefined,
    root: string | undefined,
  ): void {
    const entry = this.#entries.get(transferId);
    if (entry === undefined) return;
    if (isLive(state)) entry.isOfLink = true;
    if (state !== 'running') {
      entry.rate.reset();
      entry.bytesPerSec.value = undefined;
      entry.secondsLeft.value = undefined;
    }
    if (root !== undefined) entry.root.value = root;
    entry.error.value = failure === undefined ? undefined : failureError(failure);
    if (state === 'verified') entry.bytesDone.value = entry.view.totalBytes;
    entry.state.value = state;
  }

  #publish(): void {
    this.#views.value = Array.from(this.#entries.values(), (entry) => entry.view);
  }
}

function isResting({ state, saving }: Entry): boolean {
  return !isLive(state.value) && state.value !== 'queued' && state.value !== 'elsewhere' && saving.value === undefined;
}

function isLive(state: TransferState): boolean {
  return state === 'offered' || state === 'running';
}

/** Errors cross the worker boundary as plain objects. */
export function failureError(failure: EngineFailure): TransferError {
  return new TransferError(failure.code, failure.origin, failure.message);
}

function createEntry(summary: TransferSummary, freeBytes: ReadonlySignal<number | undefined>): Entry {
  const signals = {
    files: signal(summary.files),
    state: signal(summary.state),
    needsFiles: signal(summary.needsFiles),
    bytesDone: signal(summary.bytesDone),
    bytesPerSec: signal<number | undefined>(undefined),
    secondsLeft: signal<number | undefined>(undefined),
    error: signal<TransferError | undefined>(undefined),
    root: signal<string | undefined>(undefined),
    savedFiles: signal<ReadonlySet<number>>(new Set()),
    isSaved: signal(false),
    saving: signal<SavingView | undefined>(undefined),
    text: signal<string | undefined>(undefined),
  };
  const { transferId: id, direction, kind, fileCount, totalBytes } = summary;
  const identity = { id, direction, kind, fileCount, totalBytes };
  const view: TransferView = {
    ...identity,
    ...signals,
    missingBytes: computed(() => missingBytes({ ...identity, ...signals }, freeBytes.value)),
  };
  return { view, ...signals, withdrawn: new Set(), rate: new RateMeter(), isOfLink: false };
}
