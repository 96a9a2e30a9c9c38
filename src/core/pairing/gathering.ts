/**
 * When to stop waiting for ICE candidates (non-trickle, but never without a deadline).
 *
 * Unreachable STUN servers take 39.9 s in Chromium 156 and 11.1 s in Firefox 153, and an offline Firefox never
 * leaves 'new' (2026-11), so `iceGatheringState` alone cannot be waited for. Host candidates come within 20 ms.
 */
export const HOST_QUIET_MS = 250;
/** For a second family of addresses, or a second server. */
export const SRFLX_QUIET_MS = 200;
export const RELAY_QUIET_MS = 200;
export const NO_CANDIDATE_MS = 1_000;
export const GATHERING_LIMIT_MS = 2_000;

export type GatheringInput =
  | { readonly type: 'candidate'; readonly kind: 'host' | 'srflx' | 'prflx' | 'relay' }
  /** `iceGatheringState` is 'complete'. */
  | { readonly type: 'complete' }
  | { readonly type: 'timeout' };

export type GatheringResult = 'enough' | 'noNetwork';

/** Which servers are asked; a TURN server is a STUN server too (RFC 8656 §3). */
export interface GatheringOptions {
  readonly usesStun: boolean;
  readonly usesTurn?: boolean;
}

/** Call `handle`; when it gives a result, gathering is over. Else wait for an input or for `deadlineMs`. */
export class Gathering {
  readonly #startedAtMs: number;
  readonly #usesStun: boolean;
  readonly #usesTurn: boolean;
  #candidates = 0;
  #lastHostAtMs: number | undefined;
  #firstSrflxAtMs: number | undefined;
  #firstRelayAtMs: number | undefined;

  constructor(nowMs: number, { usesStun, usesTurn = false }: GatheringOptions) {
    this.#startedAtMs = nowMs;
    this.#usesStun = usesStun;
    this.#usesTurn = usesTurn;
  }

  handle(input: GatheringInput, nowMs: number): GatheringResult | undefined {
    if (input.type === 'complete') return this.#candidates > 0 ? 'enough' : 'noNetwork';
    if (input.type === 'candidate') {
      this.#candidates += 1;
      if (input.kind === 'host') this.#lastHostAtMs = nowMs;
      if (input.kind === 'srflx') this.#firstSrflxAtMs ??= nowMs;
      if (input.kind === 'relay') this.#firstRelayAtMs ??= nowMs;
      return undefined;
    }
    if (nowMs < this.deadlineMs()) return undefined;
    return this.#candidates > 0 ? 'enough' : 'noNetwork';
  }

  deadlineMs(): number {
    const limit = this.#startedAtMs + GATHERING_LIMIT_MS;
    if (this.#candidates === 0) return Math.min(limit, this.#startedAtMs + NO_CANDIDATE_MS);
    if (this.#firstRelayAtMs !== undefined) return Math.min(limit, this.#firstRelayAtMs + RELAY_QUIET_MS);
    // An allocation takes a round trip more than a binding (401 first, RFC 8489 §9.2), so a relay comes later.
    if (this.#usesTurn) return limit;
    if (this.#firstSrflxAtMs !== undefined) return Math.min(limit, this.#firstSrflxAtMs + SRFLX_QUIET_MS);
    if (!this.#usesStun && this.#lastHostAtMs !== undefined) return Math.min(limit, this.#lastHostAtMs + HOST_QUIET_MS);
    return limit;
  }
}
