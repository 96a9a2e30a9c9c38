import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { TransferError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type {
  EngineEvent,
  EngineFailure,
  FileOutcome,
  PausedBy,
  TransferState,
  TransferSummary,
} from '../ports/transfer-engine.ts';
import type { NeededFilesView, SavingView, TransferView, WithdrawnView } from './model.ts';
import { RateMeter } from './rate.ts';
import { missingBytes } from './storage-room.ts';

/** What the engine says about a transfer. */
export type TransferEvent = Extract<EngineEvent, { readonly transferId: string } | { readonly type: 'transfer' }>;
type StateEvent = Extract<EngineEvent, { type: 'state' }>;

/** The view's signals, writable. */
type Signals = ReturnType<typeof createSignals>;

/** What one transfer looks like to the app itself. */
interface Entry extends Signals {
  readonly view: TransferView;
  readonly rate: RateMeter;
  /** Files whose outcome is known: told once, however often it is heard. */
  readonly outcomes: Map<number, FileOutcome>;
  /** Bytes or an offer came or went over the current link. */
  isOfLink: boolean;
}

/** So many withdrawn files are named; the others are counted. */
const NAMED_FILES = 50;

const OVER: ReadonlySet<TransferState> = new Set(['verified', 'cancelled', 'declined', 'failed']);

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

  /** Every transfer that is not over. */
  unfinishedIds(): ReadonlySet<string> {
    const ids = Array.from(this.#entries.values(), ({ view, state }) => (OVER.has(state.value) ? [] : [view.id]));
    return new Set(ids.flat());
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

  heard(event: TransferEvent): void {
    switch (event.type) {
      case 'transfer':
        return this.#known(event.transfer);
      case 'progress':
        return this.#progressed(event.transferId, event.bytesDone);
      case 'state':
        return this.#changed(event);
      case 'file':
        return this.#fileEnded(event.transferId, event.fileIndex, event.outcome);
      case 'attached':
        return this.#attached(event.transferId, event.missing, event.changed);
      case 'removed':
        this.#entries.delete(event.transferId);
        return this.#publish();
      default:
        event satisfies never;
    }
  }

  /** What came of looking for the files of a transfer that needs them. */
  setSources(transferId: string, sources: NeededFilesView['sources']): void {
    const needed = this.#entries.get(transferId)?.needsFiles;
    if (needed?.value !== undefined) needed.value = { ...needed.value, sources };
  }

  /** Of files that can be saved: all but those that the sender withdrew. */
  savableIndexes(transferId: string): readonly number[] {
    const entry = this.#entries.get(transferId);
    if (entry === undefined) return [];
    return Array.from(entry.files.value.keys()).filter((index) => entry.outcomes.get(index) !== 'withdrawn');
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

  setFolder(transferId: string, folderName: string): void {
    const entry = this.#entries.get(transferId);
    if (entry !== undefined) entry.folderName.value = folderName;
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
      if (!summary.needsFiles) known.needsFiles.value = undefined;
      else known.needsFiles.value ??= { sources: 'none', missing: [] };
      this.#changed({ transferId: summary.transferId, state: summary.state });
      return;
    }
    const signals = createSignals(summary);
    const { transferId: id, direction, kind, fileCount, totalBytes } = summary;
    const told = { id, direction, kind, fileCount, totalBytes, ...signals };
    this.#entries.set(id, {
      ...signals,
      view: { ...told, missingBytes: computed(() => missingBytes(told, this.#freeBytes.value)) },
      rate: new RateMeter(),
      outcomes: new Map(),
      isOfLink: isLive(summary.state),
    });
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

  #changed({ transferId, state, failure, pausedBy, root }: Omit<StateEvent, 'type'>): void {
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
    entry.pausedBy.value = pausedBy;
    if (state === 'verified') entry.bytesDone.value = entry.view.totalBytes;
    entry.state.value = state;
  }

  #fileEnded(transferId: string, fileIndex: number, outcome: FileOutcome): void {
    const entry = this.#entries.get(transferId);
    if (entry === undefined || entry.outcomes.has(fileIndex)) return;
    entry.outcomes.set(fileIndex, outcome);
    if (outcome === 'identical') {
      entry.identicalCount.value += 1;
      return;
    }
    const { count, names } = entry.withdrawn.value;
    const path = entry.files.value[fileIndex]?.path;
    const isNamed = path !== undefined && names.length < NAMED_FILES;
    entry.withdrawn.value = { count: count + 1, names: isNamed ? [...names, path] : names };
  }

  #attached(transferId: string, missing: readonly string[], changed: readonly string[]): void {
    const entry = this.#entries.get(transferId);
    if (entry === undefined) return;
    entry.sentAnew.value = [...entry.sentAnew.value, ...changed];
    entry.needsFiles.value = missing.length === 0 ? undefined : { sources: 'none', missing };
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

function createSignals(summary: TransferSummary) {
  return {
    files: signal(summary.files),
    state: signal(summary.state),
    pausedBy: signal<PausedBy | undefined>(undefined),
    bytesDone: signal(summary.bytesDone),
    bytesPerSec: signal<number | undefined>(undefined),
    secondsLeft: signal<number | undefined>(undefined),
    error: signal<TransferError | undefined>(undefined),
    root: signal<string | undefined>(undefined),
    savedFiles: signal<ReadonlySet<number>>(new Set()),
    needsFiles: signal<NeededFilesView | undefined>(
      summary.needsFiles ? { sources: 'opening', missing: [] } : undefined,
    ),
    folderName: signal(summary.folderName),
    identicalCount: signal(0),
    withdrawn: signal<WithdrawnView>({ count: 0, names: [] }),
    sentAnew: signal<readonly string[]>([]),
    isSaved: signal(false),
    saving: signal<SavingView | undefined>(undefined),
    text: signal<string | undefined>(undefined),
  };
}
