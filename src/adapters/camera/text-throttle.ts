/** A code that stays in view is read many times a second, and told once in this time. */
const REPEAT_MS = 1_000;

/** Lets every text through once a second. Two codes in view do not push each other out. */
export class TextThrottle {
  readonly #toldAtMs = new Map<string, number>();

  /** True when this text is to be told now. */
  admits(text: string, nowMs: number): boolean {
    for (const [told, atMs] of this.#toldAtMs) if (nowMs - atMs >= REPEAT_MS) this.#toldAtMs.delete(told);
    if (this.#toldAtMs.has(text)) return false;
    this.#toldAtMs.set(text, nowMs);
    return true;
  }
}
