/*
 * How many lanes a sender wants, by what they bring.
 *
 * SCTP's congestion control holds one association down on a path with delay and loss; several have several times its
 * share. On a fast local network the processor is the limit, and more connections only cost. So more lanes are tried only
 * where the path is long, or slow, and only while there is always something to send; each step has to pay, or is taken
 * back, and the next try comes later.
 *
 *   1 -> 4 -> 8 -> 12        measure, step up, wait until the lanes are open and have found their speed, measure again
 *
 * Where four bring several times as much, twelve come next. A step that paid, but not well, may have been luck: after a
 * while fewer are tried, and kept if they do as well.
 */

/** The first included. Beyond twelve, browsers' own limits and the work for each come into sight. */
export const MAX_LANES = 12;
const STEPS = [1, 4, 8, MAX_LANES] as const;

/** From this shortest round trip on a path may be one where lanes help; local networks stay below, even busy ones. */
export const LONG_PATH_MS = 15;
/**
 * Below this speed one is tried even on a short path: no processor is that slow for long, so it is the network. Not at
 * once: a page that has just been loaded is.
 */
const SLOW_PATH_BYTES_PER_SEC = 2_000_000;
const SLOW_PATH_MEASURE_MS = 4_000;
/** The first measurement on a long path needs no more than to show that there is something to send. */
const FIRST_MEASURE_MS = 250;
const MIN_MEASURE_MS = 1000;
const MEASURE_ROUND_TRIPS = 15;
/**
 * What has not paid by then does not: speed on a path with losses varies by half and more from second to second. Lanes that
 * turn out to be of no use do no harm meanwhile.
 */
const PATIENCE_MS = 5000;
/** Slow start, in round trips, and DTLS and SCTP before it. */
const SETTLE_ROUND_TRIPS = 10;
const MIN_SETTLE_MS = 400;
/** Lanes that are not open by then will not be. */
const OPENING_MS = 6000;
/**
 * A step pays if it brings this part of what it would at best. Not more: where packets are lost, speed varies so much that
 * a higher bar would take back what helps.
 */
const PAYS_SHARE = 0.1;
/** So much of it says that there is room for many more. */
const PAYS_WELL_SHARE = 0.4;
/** Fewer lanes do as well, if they bring this part. */
const AS_WELL = 0.93;
/** Between tries that did not pay: at first, and at most. */
const FIRST_HOLD_MS = 6_000;
const MAX_HOLD_MS = 120_000;
/** For so long there was at times nothing to send: fewer lanes would do. */
const IDLE_MS = 10_000;

export interface LaneSample {
  readonly nowMs: number;
  /** What has gone to the network since the link's start, all lanes together. */
  readonly egressBytes: number;
  /** Since the last sample a lane had room, and there was nothing that could be sent. */
  readonly isStarved: boolean;
  /** The shortest round trip of the link; undefined while it is not known. */
  readonly rttMs: number | undefined;
  /** The first included. */
  readonly openLanes: number;
}

type Phase =
  /** Nothing to measure yet. */
  | { readonly name: 'idle' }
  | { readonly name: 'measuring'; readonly sinceMs: number; readonly sinceBytes: number; readonly before?: Speed }
  /** Lanes are being opened, or have just been; `before` is what they have to beat. */
  | { readonly name: 'opening'; readonly sinceMs: number; readonly sinceBytes: number; readonly before: Speed }
  | { readonly name: 'settling'; readonly sinceMs: number; readonly before: Speed };

interface Speed {
  readonly lanes: number;
  readonly bytesPerSec: number;
}

/** Sans-IO: give it samples, some each second while there is something to send, and read `wanted`. */
export class LaneController {
  /** Lanes, the first included. */
  wanted: number;
  #phase: Phase = { name: 'idle' };
  #holdUntilMs = Number.NEGATIVE_INFINITY;
  #holdMs = FIRST_HOLD_MS;
  #starvedSinceMs: number | undefined;
  /** The lanes of now may be more than help. */
  #isDoubtful = false;

  constructor(firstLanes: number) {
    this.wanted = firstLanes;
  }

  sample(sample: LaneSample): void {
    const { nowMs, isStarved } = sample;
    if (isStarved) return this.#starved(nowMs);
    this.#starvedSinceMs = undefined;
    const phase = this.#phase;
    switch (phase.name) {
      case 'idle':
        this.#measure(sample);
        return;
      case 'opening':
        if (sample.openLanes < this.wanted && nowMs - phase.sinceMs < OPENING_MS) return;
        return this.#opened(sample, phase.before, sinceThen(phase, sample));
      case 'settling':
        if (nowMs - phase.sinceMs >= settleMs(sample.rttMs)) this.#measure(sample, phase.before);
        return;
      case 'measuring': {
        const durationMs = nowMs - phase.sinceMs;
        const { before } = phase;
        const isFirst = this.wanted === 1 && before === undefined;
        const firstMs = isLong(sample.rttMs) ? FIRST_MEASURE_MS : SLOW_PATH_MEASURE_MS;
        if (durationMs < (isFirst ? firstMs : measureMs(sample.rttMs))) return;
        const speed = { lanes: this.wanted, bytesPerSec: sinceThen(phase, sample) };
        const isClear = before === undefined || (speed.lanes > before.lanes && pays(before, speed, PAYS_SHARE));
        if (isClear || durationMs >= PATIENCE_MS) this.#measured(speed, before, sample);
        return;
      }
      default:
        phase satisfies never;
    }
  }

  /** Nothing is being sent: what was measured does not count any more. */
  rest(): void {
    this.#phase = { name: 'idle' };
    this.#starvedSinceMs = undefined;
  }

  /** A lane was lost, or could not be opened: no more for a while. */
  laneLost(nowMs: number, openLanes: number): void {
    this.wanted = Math.max(1, Math.min(this.wanted, openLanes));
    this.#hold(nowMs);
    this.#phase = { name: 'idle' };
  }

  /** What is sent now is not limited by the lanes. */
  #starved(nowMs: number): void {
    this.#starvedSinceMs ??= nowMs;
    if (this.#phase.name === 'measuring') this.#phase = { name: 'idle' };
    if (nowMs - this.#starvedSinceMs < IDLE_MS || this.wanted === 1) return;
    this.wanted = stepBelow(this.wanted);
    this.#starvedSinceMs = nowMs;
    this.#hold(nowMs);
  }

  #measure({ nowMs, egressBytes }: LaneSample, before?: Speed): void {
    const since = { sinceMs: nowMs, sinceBytes: egressBytes };
    this.#phase = { name: 'measuring', ...since, ...(before === undefined ? {} : { before }) };
  }

  /** @param openingBytesPerSec how fast it was meanwhile, still with the lanes of before */
  #opened(sample: LaneSample, before: Speed, openingBytesPerSec: number): void {
    const { nowMs, openLanes } = sample;
    if (openLanes <= before.lanes) return this.laneLost(nowMs, openLanes);
    this.wanted = Math.min(this.wanted, openLanes);
    // The start of a connection is faster than it will be: slow start ends with the first loss.
    const bytesPerSec = Math.min(before.bytesPerSec, openingBytesPerSec);
    this.#phase = { name: 'settling', sinceMs: nowMs, before: { lanes: before.lanes, bytesPerSec } };
  }

  #measured(speed: Speed, before: Speed | undefined, sample: LaneSample): void {
    if (before !== undefined && before.lanes > speed.lanes) return this.#triedFewer(speed, before, sample);
    if (before !== undefined && !pays(before, speed, PAYS_SHARE)) {
      this.wanted = before.lanes;
      this.#hold(sample.nowMs);
      return this.#measure(sample);
    }
    if (before !== undefined) {
      this.#holdMs = FIRST_HOLD_MS;
      this.#isDoubtful = !pays(before, speed, PAYS_WELL_SHARE);
      if (this.#isDoubtful) this.#hold(sample.nowMs);
    }
    const isWorthTrying = this.wanted > 1 || isNetworkLimited(sample.rttMs, speed.bytesPerSec);
    if (sample.nowMs < this.#holdUntilMs || !isWorthTrying) return this.#measure(sample);
    if (this.#isDoubtful) return this.#tryFewer(speed, sample.nowMs);
    if (this.wanted >= MAX_LANES) return this.#measure(sample);
    const isPayingWell = before !== undefined && pays(before, speed, PAYS_WELL_SHARE);
    this.wanted = isPayingWell ? MAX_LANES : stepAbove(this.wanted);
    const since = { sinceMs: sample.nowMs, sinceBytes: sample.egressBytes };
    this.#phase = { name: 'opening', ...since, before: { ...speed, lanes: sample.openLanes } };
  }

  #tryFewer(before: Speed, nowMs: number): void {
    this.wanted = stepBelow(this.wanted);
    this.#phase = { name: 'settling', sinceMs: nowMs, before };
  }

  #triedFewer(speed: Speed, before: Speed, sample: LaneSample): void {
    const isEnough = speed.bytesPerSec >= before.bytesPerSec * AS_WELL;
    if (!isEnough) this.wanted = before.lanes;
    this.#isDoubtful = isEnough && this.wanted > 1;
    this.#hold(sample.nowMs);
    this.#measure(sample);
  }

  #hold(nowMs: number): void {
    this.#holdUntilMs = nowMs + this.#holdMs;
    this.#holdMs = Math.min(MAX_HOLD_MS, this.#holdMs * 2);
  }
}

function sinceThen(
  { sinceMs, sinceBytes }: { readonly sinceMs: number; readonly sinceBytes: number },
  { nowMs, egressBytes }: LaneSample,
): number {
  return ((egressBytes - sinceBytes) * 1000) / Math.max(1, nowMs - sinceMs);
}

/** @param share of what as many more lanes bring at best */
function pays(before: Speed, after: Speed, share: number): boolean {
  const bestGain = after.lanes / before.lanes;
  return after.bytesPerSec >= before.bytesPerSec * (1 + (bestGain - 1) * share);
}

function isNetworkLimited(rttMs: number | undefined, bytesPerSec: number): boolean {
  return isLong(rttMs) || bytesPerSec < SLOW_PATH_BYTES_PER_SEC;
}

function isLong(rttMs: number | undefined): boolean {
  return rttMs !== undefined && rttMs >= LONG_PATH_MS;
}

function settleMs(rttMs = 0): number {
  return Math.max(MIN_SETTLE_MS, rttMs * SETTLE_ROUND_TRIPS);
}

function measureMs(rttMs = 0): number {
  return Math.max(MIN_MEASURE_MS, rttMs * MEASURE_ROUND_TRIPS);
}

function stepAbove(lanes: number): number {
  return STEPS.find((step) => step > lanes) ?? MAX_LANES;
}

function stepBelow(lanes: number): number {
  return STEPS.findLast((step) => step < lanes) ?? 1;
}
