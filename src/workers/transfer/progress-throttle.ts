import type { Clock } from '../../ports/clock.ts';
import type { EngineEvent } from '../../ports/transfer-engine.ts';

/** Between two progress events of a transfer. */
const INTERVAL_MS = 250;

type Progress = Extract<EngineEvent, { type: 'progress' }>;

/** Lets about four progress events a second through for each transfer: the newest ones. */
export class ProgressThrottle {
  readonly #clock: Clock;
  readonly #emit: (event: EngineEvent) => void;
  readonly #lastMs = new Map<string, number>();
  readonly #waiting = new Map<string, Progress>();
  #isTimerRunning = false;

  constructor(clock: Clock, emit: (event: EngineEvent) => void) {
    this.#clock = clock;
    this.#emit = emit;
  }

  progress(event: Progress): void {
    const elapsedMs = this.#clock.nowMs() - (this.#lastMs.get(event.transferId) ?? Number.NEGATIVE_INFINITY);
    this.#waiting.set(event.transferId, event);
    if (elapsedMs >= INTERVAL_MS) this.flush(event.transferId);
    else this.#startTimer();
  }

  /** Emits what waits for this transfer: something else about it comes next. */
  flush(transferId: string): void {
    const event = this.#waiting.get(transferId);
    if (event === undefined) return;
    this.#waiting.delete(transferId);
    this.#lastMs.set(transferId, this.#clock.nowMs());
    this.#emit(event);
  }

  forget(transferId: string): void {
    this.#waiting.delete(transferId);
    this.#lastMs.delete(transferId);
  }

  #startTimer(): void {
    if (this.#isTimerRunning) return;
    this.#isTimerRunning = true;
    this.#clock.startTimer(INTERVAL_MS, () => {
      this.#isTimerRunning = false;
      for (const transferId of this.#waiting.keys()) this.flush(transferId);
    });
  }
}
