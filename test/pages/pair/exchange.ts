import { Deferred } from './deferred.ts';

const MESSAGE_BYTES = 64 * 1024;
const HIGH_WATER_BYTES = 2 * 1024 * 1024;
const LOW_WATER_BYTES = 512 * 1024;

/** Byte `offset` of what either side sends. */
const expectedByte = (offset: number): number => Math.imul(offset, 0x9e3779b1) >>> 24;

/** Listens to a channel from its creation on, so that nothing of what an earlier peer sends is missed. */
export class Exchange {
  readonly #channel: RTCDataChannel;
  readonly #arrived = new Deferred<void>();
  #received = 0;

  /** @param byteCount to be sent and to be received */
  constructor(channel: RTCDataChannel, byteCount: number) {
    this.#channel = channel;
    // Awaited in `run`, which may come after a failure.
    this.#arrived.promise.catch(() => undefined);
    channel.binaryType = 'arraybuffer';
    channel.addEventListener('close', () => this.#fail(`closed after ${this.#received} of ${byteCount} bytes`));
    channel.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => {
      const bytes = new Uint8Array(data);
      for (let i = 0; i < bytes.length; i++) {
        if (bytes[i] !== expectedByte(this.#received + i)) return this.#fail(`byte ${this.#received + i} is wrong`);
      }
      this.#received += bytes.length;
      if (this.#received > byteCount) return this.#fail(`${this.#received} bytes, wanted ${byteCount}`);
      if (this.#received === byteCount) this.#arrived.resolve(undefined);
    });
  }

  /** Sends and receives at the same time. Rejects when a byte is wrong or the channel closes. */
  async run(byteCount: number): Promise<void> {
    await Promise.all([this.#arrived.promise, send(this.#channel, byteCount)]);
  }

  #fail(message: string): void {
    this.#arrived.reject(new Error(message));
  }
}

async function send(channel: RTCDataChannel, byteCount: number): Promise<void> {
  channel.bufferedAmountLowThreshold = LOW_WATER_BYTES;
  for (let sent = 0; sent < byteCount; sent += MESSAGE_BYTES) {
    const message = new Uint8Array(Math.min(MESSAGE_BYTES, byteCount - sent));
    for (let i = 0; i < message.length; i++) message[i] = expectedByte(sent + i);
    channel.send(message);
    if (channel.bufferedAmount < HIGH_WATER_BYTES) continue;
    await new Promise((resolve) => channel.addEventListener('bufferedamountlow', resolve, { once: true }));
  }
}
