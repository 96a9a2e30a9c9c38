/** Within this time a change of speed shows to 63 %: slow enough to read, fast enough to notice a stall. */
const SMOOTHING_MS = 3_000;
/** Before this much was seen, a rate would be noise. */
const MEANINGFUL_AFTER_MS = 700;

/** Turns byte counts into a smoothed speed and a time left (exponential moving average over time). */
export class RateMeter {
  #startedAtMs: number | undefined;
  #lastAtMs = 0;
  #lastBytes = 0;
  #bytesPerSec: number | undefined;

  /** @param bytesDone never going down within one run; call `reset` after a pause */
  add(bytesDone: number, nowMs: number): void {
    if (this.#startedAtMs === undefined) {
      this.#startedAtMs = nowMs;
      this.#lastAtMs = nowMs;
      this.#lastBytes = bytesDone;
      return;
    }
    const elapsedMs = nowMs - this.#lastAtMs;
    if (elapsedMs <= 0) return;
    const current = ((bytesDone - this.#lastBytes) * 1000) / elapsedMs;
    const weight = 1 - Math.exp(-elapsedMs / SMOOTHING_MS);
    this.#bytesPerSec =
      this.#bytesPerSec === undefined ? current : this.#bytesPerSec + weight * (current - this.#bytesPerSec);
    this.#lastAtMs = nowMs;
    this.#lastBytes = bytesDone;
  }

  /** Smoothed, or undefined until it means something. */
  bytesPerSec(nowMs: number): number | undefined {
    if (this.#startedAtMs === undefined || nowMs - this.#startedAtMs < MEANINGFUL_AFTER_MS) return undefined;
    return this.#bytesPerSec;
  }

  secondsLeft(bytesLeft: number, nowMs: number): number | undefined {
    const rate = this.bytesPerSec(nowMs);
    if (rate === undefined || rate < 1) return undefined;
    return bytesLeft / rate;
  }

  reset(): void {
    this.#startedAtMs = undefined;
    this.#bytesPerSec = undefined;
  }
}
