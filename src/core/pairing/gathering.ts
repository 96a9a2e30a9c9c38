/**
 * When to stop waiting for ICE candidates (non-trickle, but never without a deadline).
 *
 * Unreachable STUN servers take 39.9 s in Chromium 156 and 11.1 s in Firefox 153, and an offline Firefox never
 * leaves 'new' (2026-11), so `iceGatheringState` alone cannot be waited for. Host candidates come within 20 ms.
 */
export const HOST_QUIET_MS = 250;
export const SRFLX_QUIET_MS = 200;
export const NO_CANDIDATE_MS = 1_000;
export const GATHERING_LIMIT_MS = 2_000;

export type GatheringInput =
  | { readonly type: 'candidate'; readonly kind: 'host' | 'srflx' | 'prflx' | 'relay' }
  /** `iceGatheringState` is 'complete'. */
  | { readonly type: 'complete' }
  | { readonly type: 'timeout' };

export type GatheringResult = 'enough' | 'noNetwork';

/** Call `handle`; when it gives a result, gathering is over. Else wait for an input or for `deadlineMs`. */
export class Gathering {
  readonly #startedAtMs: number;
  readonly #usesStun: boolean;
  #candidates = 0;
  #lastHostAtMs: number | undefined;
  #firstSrflxAtMs: number | undefined;

  constructor(nowMs: number, options: { readonly usesStun: boolean }) {
    this.#startedAtMs = nowMs;
    this.#usesStun = options.usesStun;
  }

  handle(input: GatheringInput, nowMs: number): GatheringResult | undefined {
    if (input.type === 'complete') return this.#candidates > 0 ? 'enough' : 'noNetwork';
    if (input.type === 'candidate') {
      this.#candidates += 1;
      if (input.kind === 'host') this.#lastHostAtMs = nowMs;
      if (input.kind === 'srflx') this.#firstSrflxAtMs ??= nowMs;
      return undefined;
    }
    if (nowMs < this.deadlineMs()) return undefined;
    return this.#candidates > 0 ? 'enough' : 'noNetwork';
  }

  deadlineMs(): number {
    const limit = this.#startedAtMs + GATHERING_LIMIT_MS;
    if (this.#candidates === 0) return Math.min(limit, this.#startedAtMs + NO_CANDIDATE_MS);
    if (this.#firstSrflxAtMs !== undefined) return Math.min(limit, this.#firstSrflxAtMs + SRFLX_QUIET_MS);
    if (!this.#usesStun && this.#lastHostAtMs !== undefined) return Math.min(limit, this.#lastHostAtMs + HOST_QUIET_MS);
    return limit;
  }
}
