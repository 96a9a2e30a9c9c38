import type { Bytes } from '../../core/bytes.ts';
import { TransferError } from '../../core/errors.ts';
import type { Channel } from '../../ports/channel.ts';

/** An `RTCDataChannel` as a port. In a window or, once it was transferred, in a worker. */
export class DataChannel implements Channel {
  readonly #channel: RTCDataChannel;
  #isClosed = false;
  onOpen: (() => void) | undefined;
  onMessage: ((bytes: Bytes) => void) | undefined;
  onDrain: (() => void) | undefined;
  onClose: (() => void) | undefined;

  /** Takes the channel over: nobody else may listen to it. */
  constructor(channel: RTCDataChannel) {
    this.#channel = channel;
    channel.binaryType = 'arraybuffer';
    channel.addEventListener('open', () => this.onOpen?.());
    channel.addEventListener('message', (event: MessageEvent<unknown>) => this.#message(event.data));
    channel.addEventListener('bufferedamountlow', () => this.onDrain?.());
    channel.addEventListener('close', () => this.#closed());
    // 'closing' says that the peer has closed; nothing more can be sent. Chromium may take seconds until 'close'.
    channel.addEventListener('closing', () => this.#closed());
  }

  get state(): 'connecting' | 'open' | 'closed' {
    if (this.#isClosed) return 'closed';
    const { readyState } = this.#channel;
    return readyState === 'closing' ? 'closed' : readyState;
  }

  get bufferedAmount(): number {
    return this.#channel.bufferedAmount;
  }

  get bufferedAmountLowThreshold(): number {
    return this.#channel.bufferedAmountLowThreshold;
  }

  set bufferedAmountLowThreshold(bytes: number) {
    this.#channel.bufferedAmountLowThreshold = bytes;
  }

  send(bytes: Bytes): void {
    try {
      this.#channel.send(bytes);
    } catch (error) {
      // InvalidStateError: not open. OperationError: Chromium's 16 MiB are full, after which the channel is dead.
      throw new TransferError('link-lost', 'host', `send of ${bytes.length} bytes failed`, error);
    }
  }

  close(): void {
    this.#channel.close();
    this.#closed();
  }

  #message(message: unknown): void {
    if (this.#isClosed) return;
    // A text message, which no frame is, arrives as a string: zero bytes are no frame either, and are refused as such.
    this.onMessage?.(message instanceof ArrayBuffer ? new Uint8Array(message) : new Uint8Array(0));
  }

  #closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.onClose?.();
  }
}
