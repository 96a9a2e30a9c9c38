import type { TransferOptions } from './options.ts';

export interface PulseEvents {
  ping(token: number): void;
  event(type: 'linkSilent' | 'linkHeard'): void;
}

/**
 * Notices within 5 s that nothing comes over the link any more: long before the browser does (Chromium 156
 * 'disconnected' after 6.7 s, Firefox 153 after 6 to 8 s, 2026-11). A silent link may come back.
 */
export class Pulse {
  readonly #options: Pick<TransferOptions, 'pingAfterMs' | 'silentAfterMs'>;
  readonly #events: PulseEvents;
  /** undefined: no link is ready. */
  #heardAtMs: number | undefined;
  /** The first PING since then, and the last one. */
  #askedAtMs: number | undefined;
  #pingedAtMs = 0;
  #isSilent = false;
  #token = 0;
  #roundTripMs: number | undefined;

  constructor(options: Pick<TransferOptions, 'pingAfterMs' | 'silentAfterMs'>, events: PulseEvents) {
    this.#options = options;
    this.#events = events;
  }

  /** Of the last PING that was answered; ms. Only a link with pauses is asked. */
  get roundTripMs(): number | undefined {
    return this.#roundTripMs;
  }

  start(nowMs: number): void {
    this.#heardAtMs = nowMs;
    this.#askedAtMs = undefined;
    this.#isSilent = false;
    this.#roundTripMs = undefined;
  }

  stop(): void {
    this.#heardAtMs = undefined;
  }

  /** A frame came. */
  heard(nowMs: number): void {
    if (this.#heardAtMs === undefined) return;
    this.#heardAtMs = nowMs;
    this.#askedAtMs = undefined;
    if (!this.#isSilent) return;
    this.#isSilent = false;
    this.#events.event('linkHeard');
  }

  ponged(token: number, nowMs: number): void {
    if (token === this.#token) this.#roundTripMs = nowMs - this.#pingedAtMs;
  }

  deadlineMs(): number {
    return Math.min(this.#pingAtMs(), this.#silentAtMs());
  }

  timeout(nowMs: number): void {
    if (nowMs >= this.#pingAtMs()) {
      this.#pingedAtMs = nowMs;
      this.#askedAtMs ??= nowMs;
      this.#token = (this.#token + 1) % 0x1_0000_0000;
      this.#events.ping(this.#token);
    }
    if (nowMs < this.#silentAtMs()) return;
    this.#isSilent = true;
    this.#events.event('linkSilent');
  }

  #pingAtMs(): number {
    if (this.#heardAtMs === undefined) return Number.POSITIVE_INFINITY;
    return (this.#askedAtMs === undefined ? this.#heardAtMs : this.#pingedAtMs) + this.#options.pingAfterMs;
  }

  /** Counted from the question: who was frozen has heard nothing either, but has not asked. */
  #silentAtMs(): number {
    if (this.#askedAtMs === undefined || this.#isSilent) return Number.POSITIVE_INFINITY;
    return this.#askedAtMs + this.#options.silentAfterMs - this.#options.pingAfterMs;
  }
}
