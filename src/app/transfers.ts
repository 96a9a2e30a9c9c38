import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { TransferError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { EngineEvent, EngineFailure, TransferState, TransferSummary } from '../ports/transfer-engine.ts';
import type { TransferView } from './model.ts';
import { RateMeter } from './rate.ts';

/** What one transfer looks like to the app itself: the view's signals, writable. */
interface Entry {
  readonly view: TransferView;
  readonly files: Signal<TransferSummary['files']>;
  readonly state: Signal<TransferState>;
  readonly bytesDone: Signal<number>;
  readonly bytesPerSec: Signal<number | undefined>;
  readonly secondsLeft: Signal<number | undefined>;
  readonly error: Signal<TransferError | undefined>;
  readonly root: Signal<string | undefined>;
  readonly savedFiles: Signal<ReadonlySet<number>>;
  readonly rate: RateMeter;
  /** Bytes or an offer came or went over the current link. */
  isOfLink: boolean;
}

/** Keeps the list of transfers as the engine tells of them. */
export class Transfers {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  readonly #views = signal<readonly TransferView[]>([]);

  constructor(clock: Clock) {
    this.#clock = clock;
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

  /** True while bytes flow or the person still has something to decide or to save. */
  isBusy(): boolean {
    for (const { state } of this.#entries.values()) {
      if (state.value === 'running' || state.value === 'offered') return true;
    }
    return false;
  }

  heard(event: Extract<EngineEvent, { type: 'transfer' | 'progress' | 'state' | 'removed' }>): void {
    switch (event.type) {
      case 'transfer':
        return this.#known(event.transfer);
      case 'progress':
        return this.#progressed(event.transferId, event.bytesDone);
      case 'state':
        return this.#changed(event.transferId, event.state, event.failure, event.root);
      case 'removed':
        this.#entries.delete(event.transferId);
        return this.#publish();
      default:
        event satisfies never;
    }
  }

  markSaved(transferId: string, fileIndex: number): void {
    const entry = this.#entries.get(transferId);
    if (entry !== undefined) entry.savedFiles.value = new Set([...entry.savedFiles.value, fileIndex]);
  }

  #known(summary: TransferSummary): void {
    const known = this.#entries.get(summary.transferId);
    if (known !== undefined) {
      // Told again after a new link, or with more of a long list of files.
      known.bytesDone.value = summary.bytesDone;
      known.files.value = summary.files;
      this.#changed(summary.transferId, summary.state, undefined, undefined);
      return;
    }
    const entry = createEntry(summary);
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

function isLive(state: TransferState): boolean {
  return state === 'offered' || state === 'running';
}

/** Errors cross the worker boundary as plain objects. */
export function failureError(failure: EngineFailure): TransferError {
  return new TransferError(failure.code, failure.origin, failure.message);
}

function createEntry(summary: TransferSummary): Entry {
  const files = signal(summary.files);
  const state = signal(summary.state);
  const bytesDone = signal(summary.bytesDone);
  const bytesPerSec = signal<number | undefined>(undefined);
  const secondsLeft = signal<number | undefined>(undefined);
  const error = signal<TransferError | undefined>(undefined);
  const root = signal<string | undefined>(undefined);
  const savedFiles = signal<ReadonlySet<number>>(new Set());
  const view: TransferView = {
    id: summary.transferId,
    direction: summary.direction,
    state,
    files,
    fileCount: summary.fileCount,
    totalBytes: summary.totalBytes,
    bytesDone,
    bytesPerSec,
    secondsLeft,
    error,
    root,
    savedFiles,
  };
  return {
    view,
    files,
    state,
    bytesDone,
    bytesPerSec,
    secondsLeft,
    error,
    root,
    savedFiles,
    rate: new RateMeter(),
    isOfLink: false,
  };
}
