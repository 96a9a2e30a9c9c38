import type { Bytes } from '../../core/bytes.ts';
import type { Channel } from '../../ports/channel.ts';

/** `onDrain` comes at this: the network never runs dry. */
const LOW_WATER_BYTES = 1024 * 1024;
/** No frame is added above this: far below the 16 MiB at which Chromium's `send` throws (156). */
const HIGH_WATER_BYTES = 4 * 1024 * 1024;
/** Before both channels are open a peer has nothing to send but HELLO, and ERROR if it must. */
const MAX_EARLY_MESSAGES = 4;

export interface LinkEvents {
  /** Both channels are open. */
  opened(link: LinkPair): void;
  /** For good; once. */
  closed(link: LinkPair): void;
  control(link: LinkPair, bytes: Bytes): void;
  data(link: LinkPair, bytes: Bytes): void;
  /** The data channel has room again. */
  drained(link: LinkPair): void;
}

/** The two channels of one connection, as one thing that opens once and closes once. */
export class LinkPair {
  readonly linkId: number;
  peerFingerprint = '';
  readonly #control: Channel;
  readonly #data: Channel;
  readonly #events: LinkEvents;
  #state: 'opening' | 'open' | 'closed' = 'opening';
  /** Messages that came on the control channel before the data channel was open. */
  #early: Bytes[] | undefined = [];

  constructor(linkId: number, control: Channel, data: Channel, events: LinkEvents) {
    this.linkId = linkId;
    this.#control = control;
    this.#data = data;
    this.#events = events;
    data.bufferedAmountLowThreshold = LOW_WATER_BYTES;
    for (const channel of [control, data]) {
      channel.onOpen = () => this.#checkOpen();
      channel.onClose = () => this.close();
    }
    control.onMessage = (bytes) => this.#controlMessage(bytes);
    data.onMessage = (bytes) => {
      if (this.#state === 'open') events.data(this, bytes);
    };
    data.onDrain = () => {
      if (this.#state === 'open') events.drained(this);
    };
  }

  /** Looks whether the channels were open, or closed, from the start. */
  start(): void {
    if (this.#control.state === 'closed' || this.#data.state === 'closed') this.close();
    else this.#checkOpen();
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** The data channel may be given another frame. */
  get hasRoom(): boolean {
    return this.#state === 'open' && this.#data.bufferedAmount < HIGH_WATER_BYTES;
  }

  /** The next data frame is the first of a new run. */
  get isDrained(): boolean {
    return this.#data.bufferedAmount === 0;
  }

  /** Throws TransferError 'link-lost'. */
  sendControl(bytes: Bytes): void {
    this.#control.send(bytes);
  }

  /** Throws TransferError 'link-lost'. `bytes` may be used again at once. */
  sendData(bytes: Bytes): void {
    this.#data.send(bytes);
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
    this.#data.close();
    this.#events.closed(this);
  }

  #checkOpen(): void {
    if (this.#state !== 'opening' || this.#control.state !== 'open' || this.#data.state !== 'open') return;
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
