import type { Bytes } from '../../core/bytes.ts';
import type { Channel } from '../../ports/channel.ts';
import type { Clock } from '../../ports/clock.ts';

/** The most that is put into a channel: far below the 16 MiB at which Chromium's `send` throws (156). */
const MAX_HIGH_WATER_BYTES = 4 * 1024 * 1024;
const FIRST_HIGH_WATER_BYTES = 1024 * 1024;
/** Two frames of a stripe each. */
const MIN_HIGH_WATER_BYTES = 128 * 1024;
/** `onDrain` comes at this part of the high water: the network never runs dry. */
const LOW_WATER_SHARE = 1 / 4;
/** What is filled and drained in less is filled higher, */
const SHORT_MS = 200;
/** and what takes longer, less: it would be missed on other lanes, and lost with this one. */
const LONG_MS = 800;

export interface DataLaneEvents {
  opened(): void;
  /** For good; once. */
  closed(): void;
  message(bytes: Bytes): void;
  /** It has room again. */
  drained(): void;
}

/** The data channel of one lane, with as much waiting in it as its speed needs. */
export class DataLane {
  readonly #channel: Channel;
  readonly #clock: Clock;
  #highWaterBytes = 0;
  /** When the channel was filled up to there. */
  #filledMs: number | undefined;

  constructor(channel: Channel, clock: Clock, events: DataLaneEvents) {
    this.#channel = channel;
    this.#clock = clock;
    this.#fillTo(FIRST_HIGH_WATER_BYTES);
    channel.onOpen = () => events.opened();
    channel.onClose = () => events.closed();
    channel.onMessage = (bytes) => events.message(bytes);
    channel.onDrain = () => {
      this.#adapt();
      events.drained();
    };
  }

  get state(): Channel['state'] {
    return this.#channel.state;
  }

  get bufferedBytes(): number {
    return this.#channel.bufferedAmount;
  }

  /** It may be given another frame. */
  get hasRoom(): boolean {
    return this.#channel.state === 'open' && this.#channel.bufferedAmount < this.#highWaterBytes;
  }

  /** Throws TransferError 'link-lost'. `bytes` may be used again at once. */
  send(bytes: Bytes): void {
    this.#channel.send(bytes);
    if (this.#channel.bufferedAmount >= this.#highWaterBytes) this.#filledMs ??= this.#clock.nowMs();
  }

  close(): void {
    this.#channel.close();
  }

  #adapt(): void {
    if (this.#filledMs === undefined) return;
    const drainMs = this.#clock.nowMs() - this.#filledMs;
    this.#filledMs = undefined;
    if (drainMs < SHORT_MS) this.#fillTo(Math.min(MAX_HIGH_WATER_BYTES, this.#highWaterBytes * 2));
    else if (drainMs > LONG_MS) this.#fillTo(Math.max(MIN_HIGH_WATER_BYTES, this.#highWaterBytes / 2));
  }

  #fillTo(highWaterBytes: number): void {
    this.#highWaterBytes = highWaterBytes;
    this.#channel.bufferedAmountLowThreshold = highWaterBytes * LOW_WATER_SHARE;
  }
}
