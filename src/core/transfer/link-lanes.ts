import type { Frames } from '../wire/control-frame.ts';
import { MAX_LANES_NAMED } from '../wire/limits.ts';
import { limitExceeded, violation } from './context.ts';
import { LaneController, LONG_PATH_MS, MAX_LANES } from './lane-controller.ts';
import type { TransferOptions } from './options.ts';
import type { SentRecord } from './sent-frames.ts';
import { SentFrames } from './sent-frames.ts';

/*
 * The lanes of one link (WIRE.md §4.12 to §4.14), as one end of it sees them.
 *
 *   opening   named by us or by the peer; the pages are making its connection
 *   open      data frames go over it
 *   draining  nothing more is put on it; it ends when everything on it has arrived
 *   ended     LANE_END was sent, the peer's has not come
 *
 * Lane 0 is the link's first connection: it is open from the start, and its end is the link's. What was on another lane
 * when that ended, and had not arrived by the peer's own count, is sent again: nothing is lost, and nothing comes twice.
 */

/** Between samples for the controller, and looks for lanes that are stuck. */
const TICK_MS = 250;
/** A connection that was named and is not open by then will not be. */
const OPENING_MS = 15_000;
/**
 * A lane is stuck when nothing on it has arrived for so long, though on others something has. Besides paths that are gone,
 * associations get there whose timeouts have grown with their losses (dcsctp doubles them, to many seconds): a new one is
 * faster than the old one comes back.
 */
const STUCK_MS = 5_000;
/** While nothing has arrived on the first lane for so long, no other is given back. */
const SLOW_MS = 1000;
/** A lane on which the peer has sent within this time is not given back. */
const IN_USE_MS = 2_000;
/** Without data in either direction for so long, all are given back. */
const IDLE_MS = 30_000;
/** Only the shortest round trip counts; a path may change. */
const PING_EVERY_MS = 5000;
/**
 * The first ones follow each other at once: nothing else is on the link by then, so they show the path best. Before all of
 * them are back nothing is said of it: a busy device can hold up some, hardly all.
 */
const FIRST_PINGS = 10;
/** Tells these PINGs from others. */
const FIRST_TOKEN = 0x8000_0000;
const MAX_LANE_NUMBER = 0xffff;

export interface LaneHooks {
  send(frame: Frames['ping' | 'laneAck' | 'laneEnd']): void;
  /** The page has to make, or to close, the connection of a lane. */
  event(type: 'openLane' | 'closeLane', lane: number): void;
  /** These have to be sent again, or forgotten. */
  lost(records: readonly SentRecord[]): void;
}

interface Lane {
  state: 'opening' | 'open' | 'draining' | 'ended';
  /** Of `opening`. */
  deadlineMs: number;
  /** LANE of each side. */
  wasSaid: boolean;
  wasHeard: boolean;
  readonly sent: SentFrames;
  /** By the peer's LANE_ACK. */
  acknowledged: number;
  /** When something of ours has arrived, or was sent while nothing was on its way. */
  progressMs: number;
  received: number;
  receivedMs: number;
}

/** What the endpoint sees of its sending, for the controller. */
export interface SendingSample {
  /** A transfer is being sent. */
  readonly isSending: boolean;
  /** A lane had room since the last sample, and there was nothing to put on it. */
  readonly isStarved: boolean;
  /** All data frames so far, less what the channels still hold. */
  readonly egressBytes: number;
}

export class LinkLanes {
  readonly #options: TransferOptions;
  readonly #hooks: LaneHooks;
  readonly #controller: LaneController;
  readonly #lanes = new Map<number, Lane>();
  readonly #first: Lane;
  /** Numbers are not used twice on a link. */
  #lastNumber = 0;
  #nextTickMs: number;
  #activeMs: number;
  #rttMs: number | undefined;
  #shortestMs = Number.POSITIVE_INFINITY;
  #pings = 0;
  #pingedMs = 0;

  constructor(options: TransferOptions, hooks: LaneHooks, nowMs: number) {
    this.#options = options;
    this.#hooks = hooks;
    this.#controller = new LaneController(options.firstLanes);
    this.#first = { ...newLane(nowMs), state: 'open' };
    this.#lanes.set(0, this.#first);
    this.#nextTickMs = nowMs;
    this.#activeMs = nowMs;
    this.#ping(nowMs);
  }

  /** There are others than the first. */
  get isStriped(): boolean {
    for (const [number, { state }] of this.#lanes) {
      if (number > 0 && (state === 'open' || state === 'draining')) return true;
    }
    return false;
  }

  /** Data frames are kept short: a long one holds its block, and whatever is said beside it, up. */
  get wantsShortFrames(): boolean {
    return (this.#rttMs ?? 0) >= LONG_PATH_MS || this.isStriped;
  }

  /** Data frames may be put on it. */
  isUsable(number: number): boolean {
    return this.#lanes.get(number)?.state === 'open';
  }

  /** The page has described its end of a lane. @returns whether the peer is to be told */
  said(number: number): boolean {
    const lane = this.#lanes.get(number);
    if (lane?.state !== 'opening' || lane.wasSaid) return false;
    lane.wasSaid = true;
    return true;
  }

  /** The peer has described its end. @returns whether the page is to be told. Throws 'remote' errors. */
  heard(number: number, nowMs: number): boolean {
    const known = this.#lanes.get(number);
    if (known?.wasHeard === true) throw violation(`second LANE ${number}`);
    const lane = known ?? this.#name(number, nowMs);
    lane.wasHeard = true;
    if (lane.state === 'opening') return true;
    // We have given it up without a word, since the peer knew nothing of it.
    if (!lane.wasSaid) this.#sayEnd(number, lane);
    return false;
  }

  /** Its channel is open here. @returns false where it is not wanted any more */
  opened(number: number, nowMs: number): boolean {
    const lane = this.#lanes.get(number);
    if (lane?.state !== 'opening') return false;
    lane.state = 'open';
    lane.progressMs = nowMs;
    return true;
  }

  /** Its channel is closed, or there will be none. */
  closed(number: number, nowMs: number): void {
    const lane = this.#lanes.get(number);
    if (number > 0 && lane !== undefined) this.#lose(number, lane, nowMs);
  }

  /** A data frame came. @returns false where nothing more is taken from the lane */
  received(number: number, nowMs: number): boolean {
    const lane = this.#lanes.get(number);
    if (lane === undefined || lane.state === 'ended') return false;
    lane.received++;
    lane.receivedMs = this.#activeMs = nowMs;
    if (this.isStriped) this.#hooks.send({ name: 'laneAck', lane: number, frames: lane.received });
    return true;
  }

  /** A data frame was put on a lane. */
  sent(number: number, records: readonly SentRecord[] | undefined, nowMs: number): void {
    const lane = this.#lanes.get(number);
    if (lane === undefined) return;
    if (!lane.sent.isWaiting) lane.progressMs = nowMs;
    lane.sent.sent(records);
    this.#activeMs = nowMs;
  }

  /** Throws 'remote' errors. */
  handle(frame: Frames['laneAck' | 'laneEnd'], nowMs: number): void {
    const { lane: number, frames } = frame;
    const lane = this.#lanes.get(number);
    // An acknowledgement may have been on its way when the lane ended.
    if (lane === undefined && number <= this.#lastNumber && frame.name === 'laneAck') return;
    if (lane === undefined) throw violation(`${frame.name} of lane ${number}, which is not there`);
    if (frames < lane.acknowledged || frames > lane.sent.count) {
      throw violation(`${frame.name} ${frames} of lane ${number}, not in ${lane.acknowledged}..${lane.sent.count}`);
    }
    if (frames > lane.acknowledged) lane.progressMs = nowMs;
    lane.acknowledged = frames;
    lane.sent.arrived(frames);
    if (frame.name === 'laneAck') return this.#endIfDrained(number, lane);
    this.#lose(number, lane, nowMs);
    this.#lanes.delete(number);
    this.#hooks.lost(lane.sent.takeLost());
  }

  ponged(token: number, nowMs: number): void {
    if (token !== FIRST_TOKEN + this.#pings) return;
    const rttMs = nowMs - this.#pingedMs;
    this.#shortestMs = Math.min(this.#shortestMs, rttMs);
    if (this.#pings < FIRST_PINGS) this.#ping(nowMs);
    else this.#rttMs = this.#shortestMs;
  }

  deadlineMs(isSending: boolean): number {
    return isSending || this.#lanes.size > 1 ? this.#nextTickMs : Number.POSITIVE_INFINITY;
  }

  timeout(sample: SendingSample, nowMs: number): void {
    if (nowMs < this.#nextTickMs) return;
    this.#nextTickMs = nowMs + TICK_MS;
    for (const [number, lane] of this.#lanes) {
      if (number === 0) continue;
      if (lane.state === 'opening' && nowMs >= lane.deadlineMs) this.#lose(number, lane, nowMs);
      // Another takes its place at once.
      if (this.#isStuck(lane, nowMs)) this.#end(number, lane);
    }
    if (sample.isSending) {
      if (nowMs - this.#pingedMs >= PING_EVERY_MS) this.#ping(nowMs);
      const { isStarved, egressBytes } = sample;
      this.#controller.sample({ nowMs, egressBytes, isStarved, rttMs: this.#rttMs, openLanes: this.#count('open') });
      this.#openWanted(nowMs);
    } else {
      this.#controller.rest();
    }
    this.#giveBack(sample.isSending, nowMs);
  }

  #openWanted(nowMs: number): void {
    const wanted = Math.min(this.#controller.wanted, this.#options.maxLanes, MAX_LANES);
    for (let count = this.#count('open') + this.#count('opening'); count < wanted; count++) {
      if (this.#lastNumber >= MAX_LANE_NUMBER || this.#lanes.size >= MAX_LANES_NAMED) return;
      const number = this.#lastNumber + 1;
      this.#name(number, nowMs);
      this.#hooks.event('openLane', number);
    }
  }

  #giveBack(isSending: boolean, nowMs: number): void {
    const isIdle = nowMs - this.#activeMs >= IDLE_MS;
    if (!isSending && !isIdle) return;
    // Everything would wait for the first lane, the signaling of new ones included.
    if (this.#first.sent.isWaiting && nowMs - this.#first.progressMs >= SLOW_MS) return;
    const wanted = isIdle ? 1 : this.#controller.wanted;
    for (const [number, lane] of [...this.#lanes].toReversed()) {
      if (this.#count('open') <= wanted) return;
      const isInUse = nowMs - lane.receivedMs < IN_USE_MS;
      if (number === 0 || lane.state !== 'open' || isInUse) continue;
      lane.state = 'draining';
      this.#endIfDrained(number, lane);
    }
  }

  #endIfDrained(number: number, lane: Lane): void {
    if (lane.state === 'draining' && !lane.sent.isWaiting) this.#end(number, lane);
  }

  /** Nothing on it arrives, though on another lane something has since, or everything has. */
  #isStuck(lane: Lane, nowMs: number): boolean {
    if (lane.state === 'opening' || lane.state === 'ended' || !lane.sent.isWaiting) return false;
    if (nowMs - lane.progressMs < STUCK_MS) return false;
    return [...this.#lanes.values()].some(
      ({ sent, progressMs }) => sent.arrivedCount > 0 && (!sent.isWaiting || progressMs > lane.progressMs),
    );
  }

  /** It ends, though it was wanted. */
  #lose(number: number, lane: Lane, nowMs: number): void {
    const wasWanted = lane.state === 'opening' || lane.state === 'open';
    this.#end(number, lane);
    if (wasWanted) this.#controller.laneLost(nowMs, this.#count('open'));
  }

  #end(number: number, lane: Lane): void {
    if (lane.state === 'ended') return;
    lane.state = 'ended';
    if (lane.wasSaid || lane.wasHeard) this.#sayEnd(number, lane);
    else this.#lanes.delete(number);
    // Alone, the first lane needs no acknowledgements: what is on it arrives, or the link ends.
    if (!this.isStriped) this.#first.sent.arrived(this.#first.sent.count);
    this.#hooks.event('closeLane', number);
  }

  #sayEnd(number: number, lane: Lane): void {
    this.#hooks.send({ name: 'laneEnd', lane: number, frames: lane.received });
  }

  /** A number that was not used; the peer may have used lower ones that we have never heard of. */
  #name(number: number, nowMs: number): Lane {
    if (this.#lanes.size > MAX_LANES_NAMED) throw limitExceeded(`more than ${MAX_LANES_NAMED} lanes`);
    const lane = newLane(nowMs);
    // Named, given up before the peer knew, and forgotten: the peer's own word for it comes now.
    if (number <= this.#lastNumber) lane.state = 'ended';
    this.#lastNumber = Math.max(this.#lastNumber, number);
    this.#lanes.set(number, lane);
    return lane;
  }

  #count(state: Lane['state']): number {
    let count = 0;
    for (const lane of this.#lanes.values()) if (lane.state === state) count++;
    return count;
  }

  #ping(nowMs: number): void {
    this.#pings++;
    this.#pingedMs = nowMs;
    this.#hooks.send({ name: 'ping', token: FIRST_TOKEN + this.#pings });
  }
}

function newLane(nowMs: number): Lane {
  return {
    state: 'opening',
    deadlineMs: nowMs + OPENING_MS,
    wasSaid: false,
    wasHeard: false,
    sent: new SentFrames(),
    acknowledged: 0,
    progressMs: nowMs,
    received: 0,
    receivedMs: Number.NEGATIVE_INFINITY,
  };
}
