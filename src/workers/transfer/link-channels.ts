import type { Bytes } from '../../core/bytes.ts';
import type { Channel } from '../../ports/channel.ts';
import type { Clock } from '../../ports/clock.ts';
import { DataLane } from './data-lane.ts';

/** Before both channels are open a peer has nothing to send but HELLO, and ERROR if it must. */
const MAX_EARLY_MESSAGES = 4;

export interface LinkEvents {
  /** Both channels of the first lane are open. */
  opened(link: LinkPair): void;
  /** For good; once. */
  closed(link: LinkPair): void;
  control(link: LinkPair, bytes: Bytes): void;
  data(link: LinkPair, lane: number, bytes: Bytes): void;
  /** A lane has room again. */
  drained(link: LinkPair, lane: number): void;
  /** Of a further lane: once each at most; `laneClosed` for good. */
  laneOpened(link: LinkPair, lane: number): void;
  laneClosed(link: LinkPair, lane: number): void;
}

/**
 * The channels of one link, as one thing that opens once and closes once: the two of its first connection, and those of
 * further lanes, which come and go.
 */
export class LinkPair {
  readonly linkId: number;
  peerFingerprint = '';
  readonly #control: Channel;
  readonly #clock: Clock;
  readonly #lanes = new Map<number, DataLane>();
  readonly #events: LinkEvents;
  readonly #first: DataLane;
  #state: 'opening' | 'open' | 'closed' = 'opening';
  /** Messages that came on the control channel before the data channel was open. */
  #early: Bytes[] | undefined = [];

  constructor(linkId: number, control: Channel, data: Channel, clock: Clock, events: LinkEvents) {
    this.linkId = linkId;
    this.#control = control;
    this.#clock = clock;
    this.#events = events;
    control.onOpen = () => this.#checkOpen();
    control.onClose = () => this.close();
    control.onMessage = (bytes) => this.#controlMessage(bytes);
    this.#first = this.#newLane(
      0,
      data,
      () => this.#checkOpen(),
      () => this.close(),
    );
    this.#lanes.set(0, this.#first);
  }

  /** Looks whether the channels were open, or closed, from the start. */
  start(): void {
    if (this.#control.state === 'closed' || this.#first.state === 'closed') this.close();
    else this.#checkOpen();
  }

  /** One more lane. Its channel may be open already, or closed. */
  addLane(number: number, channel: Channel): void {
    const opened = (): void => {
      if (this.#state === 'open') this.#events.laneOpened(this, number);
    };
    const closed = (): void => {
      if (this.#lanes.delete(number) && this.#state === 'open') this.#events.laneClosed(this, number);
    };
    const isUsable = this.#state === 'open' && number > 0 && !this.#lanes.has(number);
    if (!isUsable) return channel.close();
    this.#lanes.set(number, this.#newLane(number, channel, opened, closed));
    if (channel.state === 'open') opened();
    else if (channel.state === 'closed') closed();
  }

  closeLane(number: number): void {
    if (number === 0) return;
    const lane = this.#lanes.get(number);
    // First out of the way: its end is no news.
    this.#lanes.delete(number);
    lane?.close();
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Lanes that may be given another frame. */
  lanesWithRoom(): readonly number[] {
    if (this.#state !== 'open') return [];
    const withRoom: number[] = [];
    for (const [number, lane] of this.#lanes) if (lane.hasRoom) withRoom.push(number);
    return withRoom;
  }

  /** The next data frame on this lane is the first of a new run. */
  isDrained(lane: number): boolean {
    return this.#lanes.get(lane)?.bufferedBytes === 0;
  }

  /** What waits in all data channels. */
  get bufferedBytes(): number {
    let bytes = 0;
    for (const lane of this.#lanes.values()) bytes += lane.bufferedBytes;
    return bytes;
  }

  /** Throws TransferError 'link-lost'. */
  sendControl(bytes: Bytes): void {
    this.#control.send(bytes);
  }

  /** Throws TransferError 'link-lost'. `bytes` may be used again at once. */
  sendData(lane: number, bytes: Bytes): void {
    this.#lanes.get(lane)?.send(bytes);
  }

  /** From here on control messages are handed over; those that came before, first. */
  release(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const bytes of early) this.#events.control(this, bytes);
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#control.close();
    for (const lane of this.#lanes.values()) lane.close();
    this.#events.closed(this);
  }

  #newLane(number: number, channel: Channel, opened: () => void, closed: () => void): DataLane {
    const ifOpen = (action: () => void): void => {
      if (this.#state === 'open' && this.#lanes.has(number)) action();
    };
    return new DataLane(channel, this.#clock, {
      opened,
      closed,
      message: (bytes) => ifOpen(() => this.#events.data(this, number, bytes)),
      drained: () => ifOpen(() => this.#events.drained(this, number)),
    });
  }

  #checkOpen(): void {
    if (this.#state !== 'opening' || this.#control.state !== 'open' || this.#first.state !== 'open') return;
    this.#state = 'open';
    this.#events.opened(this);
  }

  #controlMessage(bytes: Bytes): void {
    if (this.#state === 'closed') return;
    if (this.#early === undefined) return this.#events.control(this, bytes);
    this.#early.push(bytes);
    if (this.#early.length > MAX_EARLY_MESSAGES) this.close();
  }
}
