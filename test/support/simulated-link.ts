import type { Bytes } from '../../src/core/bytes.ts';
import { TransferError } from '../../src/core/errors.ts';
import { decodeControlFrame } from '../../src/core/wire/control-frame.ts';
import { readChunkRecords } from '../../src/core/wire/frames/chunk.ts';
import type { Channel } from '../../src/ports/channel.ts';
import type { SeededRandom } from './seeded-random.ts';

/** One end of a simulated data channel. What is sent waits in `queue` until the link delivers it. */
export class SimulatedChannel implements Channel {
  state: 'connecting' | 'open' | 'closed' = 'connecting';
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  onOpen: (() => void) | undefined;
  onMessage: ((bytes: Bytes) => void) | undefined;
  onDrain: (() => void) | undefined;
  onClose: (() => void) | undefined;
  /** Sees every message before it is queued. */
  onSend: ((bytes: Bytes) => void) | undefined;
  readonly queue: Bytes[] = [];
  peer: SimulatedChannel | undefined;
  maxBufferedAmount = 0;

  send(bytes: Bytes): void {
    if (this.state !== 'open') throw new TransferError('link-lost', 'host', 'channel is not open');
    const copy = bytes.slice();
    this.onSend?.(copy);
    this.queue.push(copy);
    this.bufferedAmount += bytes.length;
    this.maxBufferedAmount = Math.max(this.maxBufferedAmount, this.bufferedAmount);
  }

  close(): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.queue.length = 0;
    this.onClose?.();
    this.peer?.close();
  }

  open(): void {
    this.state = 'open';
    this.onOpen?.();
  }

  /** Hands the oldest message to the other end. */
  deliver(): void {
    const bytes = this.queue.shift();
    if (bytes === undefined) return;
    const before = this.bufferedAmount;
    this.bufferedAmount -= bytes.length;
    this.peer?.onMessage?.(bytes);
    const hasFallen =
      before > this.bufferedAmountLowThreshold && this.bufferedAmount <= this.bufferedAmountLowThreshold;
    if (hasFallen && this.state === 'open') this.onDrain?.();
  }
}

export function channelPair(): readonly [SimulatedChannel, SimulatedChannel] {
  const a = new SimulatedChannel();
  const b = new SimulatedChannel();
  a.peer = b;
  b.peer = a;
  return [a, b];
}

/** Payload of one direction, as the wire shows it. */
export class PayloadMeter {
  sentBytes = 0;
  deliveredBytes = 0;
  /** The highest CREDIT that has reached the sender. */
  grantedBytes = 0;
  /** `number/block` of every record. */
  readonly blocks = new Set<string>();
}

/** Two channels between devices `a` and `b`, with the protocol's bookkeeping checked as frames pass. */
export class SimulatedLink {
  readonly a: { readonly control: SimulatedChannel; readonly data: SimulatedChannel };
  readonly b: { readonly control: SimulatedChannel; readonly data: SimulatedChannel };
  /** Payload from a to b, and from b to a. */
  readonly meters = { ab: new PayloadMeter(), ba: new PayloadMeter() };
  deliveries = 0;

  constructor() {
    const [controlA, controlB] = channelPair();
    const [dataA, dataB] = channelPair();
    this.a = { control: controlA, data: dataA };
    this.b = { control: controlB, data: dataB };
    dataA.onSend = (bytes) => this.#meterChunk(this.meters.ab, bytes);
    dataB.onSend = (bytes) => this.#meterChunk(this.meters.ba, bytes);
  }

  get isOpen(): boolean {
    return [this.a.control, this.a.data, this.b.control, this.b.data].every((channel) => channel.state === 'open');
  }

  get isIdle(): boolean {
    return this.#channels().every((channel) => channel.queue.length === 0);
  }

  open(random: SeededRandom): void {
    const channels = this.#channels();
    while (channels.length > 0) channels.splice(random.between(0, channels.length - 1), 1)[0]?.open();
  }

  /** Delivers one message of a channel that has some. */
  deliverOne(random: SeededRandom): void {
    const waiting = this.#channels().filter((channel) => channel.queue.length > 0);
    if (waiting.length === 0) return;
    const channel = random.pick(waiting);
    const next = channel.queue[0];
    this.deliveries++;
    if (next !== undefined) this.#meterDelivery(channel, next);
    channel.deliver();
  }

  cut(): void {
    for (const channel of this.#channels()) channel.close();
  }

  #channels(): SimulatedChannel[] {
    return [this.a.control, this.a.data, this.b.control, this.b.data];
  }

  #meterChunk(meter: PayloadMeter, bytes: Bytes): void {
    readChunkRecords(bytes, ({ number, block, payload }) => {
      meter.sentBytes += payload.length;
      meter.blocks.add(`${number}/${block}`);
    });
    if (meter.sentBytes > meter.grantedBytes)
      throw new Error(`credit: sent ${meter.sentBytes} of ${meter.grantedBytes}`);
  }

  #meterDelivery(channel: SimulatedChannel, bytes: Bytes): void {
    if (channel === this.a.data || channel === this.b.data) {
      const meter = channel === this.a.data ? this.meters.ab : this.meters.ba;
      readChunkRecords(bytes, ({ payload }) => (meter.deliveredBytes += payload.length));
      return;
    }
    const frame = decodeControlFrame(bytes);
    // Credit for what b sends comes from a.
    const meter = channel === this.a.control ? this.meters.ba : this.meters.ab;
    if (frame?.name === 'credit') meter.grantedBytes = Math.max(meter.grantedBytes, frame.limitBytes);
  }
}
