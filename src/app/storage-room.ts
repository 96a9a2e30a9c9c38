import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { StorageSpace } from '../ports/block-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Preferences } from '../ports/preferences.ts';
import type { StorageView, TransferView } from './model.ts';

/** Less than this is received without asking the browser for anything. */
const PERSIST_ABOVE_BYTES = 64 * 1024 * 1024;
/**
 * Chromium never admits to more than 10 GiB of free room, so that nobody is recognised by the size of their disk, and
 * Firefox grants 10 GiB until `persist` was: a figure this large only means "at least".
 */
const LARGEST_TOLD_BYTES = 10 * 1024 ** 3;
/** How often room is looked for while a transfer waits for some; doubled up to the longest when it was not enough. */
const RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 60_000;
/** So much more than what is on the disk may have been received: a file that is no further has perhaps not begun. */
const IN_FLIGHT_BYTES = 32 * 1024 * 1024;

export interface StorageRoomPorts {
  readonly clock: Clock;
  readonly space: StorageSpace;
  readonly preferences: Preferences;
}

/** Knows how much room there is, asks for it to be kept, and goes on with what a full disk has paused. */
export class StorageRoom {
  readonly #ports: StorageRoomPorts;
  readonly #estimate = signal<{ readonly usedBytes?: number; readonly freeBytes?: number }>({});
  readonly #wasAsked: Signal<boolean>;
  /** Every transfer there is, and how one goes on. */
  #waiting: { readonly all: () => readonly TransferView[]; readonly resume: (transferId: string) => void } | undefined;
  #retryMs = RETRY_MS;
  #stopTimer: (() => void) | undefined;

  readonly view: ReadonlySignal<StorageView>;
  readonly freeBytes: ReadonlySignal<number | undefined>;

  constructor(ports: StorageRoomPorts) {
    this.#ports = ports;
    const wasAsked = signal(ports.preferences.read('persist-asked') !== undefined);
    this.#wasAsked = wasAsked;
    this.freeBytes = computed(() => this.#estimate.value.freeBytes);
    this.view = computed(() => ({
      usedBytes: this.#estimate.value.usedBytes,
      freeBytes: this.#estimate.value.freeBytes,
      asksAboveBytes: wasAsked.value ? undefined : PERSIST_ABOVE_BYTES,
    }));
  }

  /** From now on, `changed` looks after transfers that a full disk has paused. */
  watch(all: () => readonly TransferView[], resume: (transferId: string) => void): void {
    this.#waiting = { all, resume };
  }

  /** Room was used or made, or somebody wants to know. */
  async refresh(): Promise<void> {
    const { usedBytes, quotaBytes } = await this.#ports.space.estimate();
    const freeBytes =
      usedBytes === undefined || quotaBytes === undefined ? undefined : Math.max(0, quotaBytes - usedBytes);
    this.#estimate.value = {
      ...(usedBytes === undefined ? {} : { usedBytes }),
      ...(freeBytes === undefined || freeBytes >= LARGEST_TOLD_BYTES ? {} : { freeBytes }),
    };
  }

  /** Before much is received: once in the life of this profile, since Firefox asks the person each time. */
  askToKeep(totalBytes: number): void {
    if (totalBytes <= PERSIST_ABOVE_BYTES || this.#wasAsked.value) return;
    this.#wasAsked.value = true;
    this.#ports.preferences.write('persist-asked', 'yes');
    // Nobody waits for the answer: without it everything works, until the browser needs the room for something else.
    // Firefox allows more than 10 GiB once it was granted.
    void this.#ports.space.persist().then(() => this.refresh());
  }

  /** Something was deleted: that is worth a try at once, whatever the last ones came to. */
  async roomMade(): Promise<void> {
    this.#retryMs = RETRY_MS;
    await this.refresh();
    this.#resumeWhatFits();
    this.#arm();
  }

  /** A transfer has another state. */
  async changed(): Promise<void> {
    await this.refresh();
    this.#arm();
  }

  /** Looks again in a while, for as long as something waits for room. */
  #arm(): void {
    if (this.#stopTimer !== undefined) return;
    if (this.#paused().length === 0) {
      // It went on, and is not back: the next full disk is a new story.
      if (!this.#isAnyRunning()) this.#retryMs = RETRY_MS;
      return;
    }
    this.#stopTimer = this.#ports.clock.startTimer(this.#retryMs, () => {
      this.#stopTimer = undefined;
      void this.#look();
    });
  }

  async #look(): Promise<void> {
    await this.refresh();
    // The figure is an estimate: where it was too high, it is asked less and less often.
    if (this.#resumeWhatFits()) this.#retryMs = Math.min(LONGEST_RETRY_MS, this.#retryMs * 2);
    this.#arm();
  }

  /** @returns true where there was any */
  #resumeWhatFits(): boolean {
    const fitting = this.#paused().filter((transfer) => transfer.missingBytes.value === 0);
    for (const { id } of fitting) this.#waiting?.resume(id);
    return fitting.length > 0;
  }

  #paused(): readonly TransferView[] {
    return this.#waiting?.all().filter(isPausedByFullDisk) ?? [];
  }

  #isAnyRunning(): boolean {
    return this.#waiting?.all().some(({ state }) => state.value === 'running') ?? false;
  }
}

/** It waits for room on this device: the other one's full disk is not ours to watch. */
function isPausedByFullDisk({ direction, state, error }: Omit<TransferView, 'missingBytes'>): boolean {
  return direction === 'receiving' && state.value === 'paused' && error.value?.code === 'disk-full';
}

/**
 * What there is no room for. Of a transfer that has begun, only files that were not: the store claims the space of a
 * whole file when it begins with it, and files are received in their order.
 */
export function missingBytes(transfer: Omit<TransferView, 'missingBytes'>, freeBytes: number | undefined): number {
  const { direction, state, totalBytes, bytesDone, files } = transfer;
  if (freeBytes === undefined || direction !== 'receiving') return 0;
  if (state.value === 'offered') return Math.max(0, totalBytes - freeBytes);
  if (!isPausedByFullDisk(transfer)) return 0;
  let claimed = 0;
  for (const { sizeBytes } of files.value) {
    if (claimed + Math.min(sizeBytes, IN_FLIGHT_BYTES) > bytesDone.value) break;
    claimed += sizeBytes;
  }
  return Math.max(0, totalBytes - claimed - freeBytes);
}
