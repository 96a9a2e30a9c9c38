/*
 * When to dial a peer whose link is gone, and when to leave it. LINK.md §3.2 is normative.
 */

/** A dial that has not opened by then is hung up: on a living path it takes 14 to 40 ms (DESIGN: measured). */
export const DIAL_TIMEOUT_MS = 4_000;
/** Who does not dial first waits for so long: the other's dial is there by then. */
export const SECOND_AFTER_MS = 2_000;
/** Between a dial that failed and the next. */
const PAUSES_MS = [250, 500, 1_000, 2_000, 4_000, 8_000] as const;
/** After the person was told: quietly, for as long as the page is open. */
const QUIET_PAUSE_MS = 30_000;
/** "Reconnecting" is said for so long; then the person is told. */
export const RECONNECT_FOR_MS = 60_000;
/** A page that has just been loaded looks for its peers for so long. */
export const LOOK_FOR_MS = 30_000;

export type HealerState =
  /** No peer, or one that is not wanted any more. */
  | 'idle'
  | 'linked'
  /** Linked, but nothing comes. */
  | 'silent'
  /** The link is gone; it is dialed, or a dial is waited for. */
  | 'reconnecting'
  /** The person was told. It may come back all the same: it is dialed now and then, by both sides. */
  | 'lost';

export type HealerInput =
  | { readonly type: 'linked' }
  /** The current link ended, and nobody meant it to. */
  | { readonly type: 'lost' }
  | { readonly type: 'silent' }
  | { readonly type: 'heard' }
  /** The peer says that its page goes away: there is nobody to dial, but it may come back. */
  | { readonly type: 'peerLeft' }
  /** The page was loaded with this peer in its memory, or the person asks for it. */
  | { readonly type: 'look' }
  /** The dial could not be made, or has failed. */
  | { readonly type: 'dialFailed' }
  /** The network or the page is back: no reason to wait. */
  | { readonly type: 'wake' }
  /** Ended on purpose, by either side. */
  | { readonly type: 'ended' }
  | { readonly type: 'timeout' };

export type HealerOutput =
  /** Dial the next of the peer's standbys; answered by `linked` or `dialFailed`. */
  { readonly type: 'dial' } | { readonly type: 'hangUp' } | { readonly type: 'changed'; readonly state: HealerState };

export interface HealerOptions {
  /** Of two that lose each other, one dials at once: that with the smaller fingerprint. */
  readonly dialsFirst: boolean;
}

/** Call `handle`, then `poll` until it gives undefined, then wait for an input or for `deadlineMs`. */
export class Healer {
  readonly #options: HealerOptions;
  readonly #outputs: HealerOutput[] = [];
  #state: HealerState = 'idle';
  #isDialing = false;
  /** When the dial is hung up, or the next one is due. */
  #nextMs: number | undefined;
  #giveUpAtMs: number | undefined;
  #failures = 0;

  constructor(options: HealerOptions) {
    this.#options = options;
  }

  get state(): HealerState {
    return this.#state;
  }

  /** @param nowMs monotonic milliseconds, never going back */
  handle(input: HealerInput, nowMs: number): void {
    switch (input.type) {
      case 'linked':
        this.#rest();
        return this.#enter('linked');
      case 'ended':
        this.#rest();
        return this.#enter('idle');
      case 'lost':
        // A link that was silent has been dialed for already.
        return this.#state === 'linked' ? this.#reconnect(nowMs, this.#turnMs(), RECONNECT_FOR_MS) : this.#keepOn();
      case 'silent':
        if (this.#state !== 'linked') return;
        return this.#reconnect(nowMs, this.#turnMs(), RECONNECT_FOR_MS, 'silent');
      case 'heard':
        if (this.#state !== 'silent' && this.#state !== 'lost') return;
        this.#rest();
        return this.#enter('linked');
      case 'peerLeft':
        if (this.#state === 'linked' || this.#state === 'silent') this.#reconnect(nowMs, undefined, RECONNECT_FOR_MS);
        return;
      case 'look':
        if (this.#state === 'idle' || this.#state === 'lost') this.#reconnect(nowMs, 0, LOOK_FOR_MS);
        return;
      case 'dialFailed':
        if (this.#isDialing) this.#dialFailed(nowMs);
        return;
      case 'wake':
        return this.#wake(nowMs);
      case 'timeout':
        return this.#timeout(nowMs);
      default:
        return input satisfies never;
    }
  }

  poll(): HealerOutput | undefined {
    return this.#outputs.shift();
  }

  deadlineMs(): number | undefined {
    if (this.#nextMs === undefined) return this.#giveUpAtMs;
    return Math.min(this.#nextMs, this.#giveUpAtMs ?? this.#nextMs);
  }

  #turnMs(): number {
    return this.#options.dialsFirst ? 0 : SECOND_AFTER_MS;
  }

  /** @param dialAfterMs undefined: only waits to be dialed */
  #reconnect(
    nowMs: number,
    dialAfterMs: number | undefined,
    forMs: number,
    state: 'reconnecting' | 'silent' = 'reconnecting',
  ): void {
    this.#hangUp();
    this.#failures = 0;
    this.#giveUpAtMs = nowMs + forMs;
    this.#nextMs = dialAfterMs === undefined ? undefined : nowMs + dialAfterMs;
    this.#enter(state);
  }

  /** What was silent is lost now; what is being done about it goes on. */
  #keepOn(): void {
    if (this.#state === 'silent') this.#enter('reconnecting');
  }

  #wake(nowMs: number): void {
    if (this.#state === 'lost') return this.#reconnect(nowMs, this.#turnMs(), LOOK_FOR_MS);
    if (this.#state !== 'reconnecting' || this.#isDialing) return;
    this.#failures = 0;
    this.#nextMs = nowMs + this.#turnMs();
  }

  #dialFailed(nowMs: number): void {
    this.#isDialing = false;
    const pauseMs = PAUSES_MS[Math.min(this.#failures, PAUSES_MS.length - 1)] ?? 0;
    this.#failures++;
    this.#nextMs = nowMs + (this.#state === 'lost' ? QUIET_PAUSE_MS : pauseMs);
  }

  #timeout(nowMs: number): void {
    if (this.#giveUpAtMs !== undefined && nowMs >= this.#giveUpAtMs) {
      this.#rest();
      this.#nextMs = nowMs + QUIET_PAUSE_MS;
      return this.#enter('lost');
    }
    if (this.#nextMs === undefined || nowMs < this.#nextMs) return;
    if (this.#isDialing) {
      this.#outputs.push({ type: 'hangUp' });
      return this.#dialFailed(nowMs);
    }
    this.#isDialing = true;
    this.#nextMs = nowMs + DIAL_TIMEOUT_MS;
    this.#outputs.push({ type: 'dial' });
  }

  #hangUp(): void {
    if (this.#isDialing) this.#outputs.push({ type: 'hangUp' });
    this.#isDialing = false;
    this.#nextMs = undefined;
  }

  #rest(): void {
    this.#hangUp();
    this.#giveUpAtMs = undefined;
    this.#failures = 0;
  }

  #enter(state: HealerState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#outputs.push({ type: 'changed', state });
  }
}
