import type { Bytes } from '../../src/core/bytes.ts';
import { decodeControlFrame } from '../../src/core/wire/control-frame.ts';
import { readChunkRecords } from '../../src/core/wire/frames/chunk.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { SimulatedChannel } from './simulated-channel.ts';
import { channelPair } from './simulated-channel.ts';

export type Side = 'a' | 'b';

export interface SimulatedLane {
  readonly a: SimulatedChannel;
  readonly b: SimulatedChannel;
}

interface End {
  readonly control: SimulatedChannel;
  readonly data: SimulatedChannel;
}

/** Payload of one direction, as the wire shows it. */
export class PayloadMeter {
  sentBytes = 0;
  /** Of that, what was lost with a lane. */
  lostBytes = 0;
  deliveredBytes = 0;
  /** The highest CREDIT that was sent, */
  givenBytes = 0;
  /** and the highest that has reached the sender. */
  grantedBytes = 0;
  /** `number/block` of every record. */
  readonly blocks = new Set<string>();
  /** `transferId/block` of every record. */
  readonly blocksById = new Set<string>();
  /** Transfer ids by number, of all offers that were sent. */
  readonly ids = new Map<number, string>();
}

/** Two channels between devices `a` and `b`, with the protocol's bookkeeping checked as frames pass. */
export class SimulatedLink {
  readonly a: End;
  readonly b: End;
  /** Payload from a to b, and from b to a. */
  readonly meters = { ab: new PayloadMeter(), ba: new PayloadMeter() };
  deliveries = 0;
  /** What an end did against the rules. Kept, since an error thrown into an end would be taken for a broken channel. */
  readonly violations: string[] = [];
  /** Names of the control frames that were delivered, for tests of what was covered. */
  readonly seen = new Map<string, number>();
  /** Further ones, by number. */
  readonly lanes = new Map<number, SimulatedLane>();
  /** Who has described its end of which lane, and those of which both have. */
  readonly #described = new Map<number, Set<Side>>();
  #unopened: number[] = [];
  #isCut = false;

  constructor() {
    const [controlA, controlB] = channelPair(false);
    const [dataA, dataB] = channelPair(true);
    this.a = { control: controlA, data: dataA };
    this.b = { control: controlB, data: dataB };
    dataA.onSend = (bytes) => this.#meterChunk(this.meters.ab, bytes);
    dataB.onSend = (bytes) => this.#meterChunk(this.meters.ba, bytes);
    controlA.onSend = (bytes) => meterControl(this.meters.ab, this.meters.ba, bytes);
    controlB.onSend = (bytes) => meterControl(this.meters.ba, this.meters.ab, bytes);
  }

  get isOpen(): boolean {
    return this.#channels().every((channel) => channel.state === 'open');
  }

  get isIdle(): boolean {
    return this.#unopened.length === 0 && !this.#channels().some((channel) => channel.isWaiting);
  }

  /** A side has made its end of a lane. Once both have, it opens some time. @returns that end */
  describeLane(number: number, side: Side): SimulatedChannel {
    const lane = this.lanes.get(number) ?? this.#newLane(number);
    const described = this.#described.get(number) ?? new Set();
    this.#described.set(number, described.add(side));
    if (described.size === 2) this.#unopened.push(number);
    return lane[side];
  }

  hasDescribed(number: number, side: Side): boolean {
    return this.#described.get(number)?.has(side) === true;
  }

  /**
   * A lane is lost. @param seenBy who notices at once; the others find that nothing arrives
   */
  cutLane(number: number, seenBy: readonly Side[]): void {
    const lane = this.lanes.get(number);
    if (lane === undefined) return;
    this.#unopened = this.#unopened.filter((unopened) => unopened !== number);
    lane.a.sever();
    lane.b.sever();
    for (const side of seenBy) lane[side].close();
  }

  open(random: SeededRandom): void {
    const channels = [...this.#channels()];
    while (channels.length > 0) channels.splice(random.between(0, channels.length - 1), 1)[0]?.open();
  }

  /** Delivers one message of a channel that has some. */
  deliverOne(random: SeededRandom): void {
    if (this.#unopened.length > 0 && random.chance(0.3)) return this.#openLane(this.#unopened.shift() ?? 0);
    const waiting = this.#channels().filter((channel) => channel.isWaiting && !this.#waitsForControl(channel));
    if (waiting.length === 0) return;
    const channel = random.pick(waiting);
    const { next } = channel;
    if (next !== undefined) {
      this.deliveries++;
      this.#meterDelivery(channel, next);
    }
    channel.deliver();
  }

  cut(): void {
    if (this.#isCut) return;
    this.#isCut = true;
    // Both ends of everything see it at once: no end may still send on the other channel.
    for (const channel of this.#channels()) channel.abort();
  }

  /** An end that closed both is seen to have closed the control channel first: its last word comes through. */
  #waitsForControl(channel: SimulatedChannel): boolean {
    if (channel.next !== undefined) return false;
    // Further lanes come and go as they like.
    if (channel !== this.a.data && channel !== this.b.data) return false;
    return (
      (channel === this.a.data && this.a.control.isWaiting) || (channel === this.b.data && this.b.control.isWaiting)
    );
  }

  #channels(): readonly SimulatedChannel[] {
    const lanes = [...this.lanes.values()].flatMap(({ a, b }) => [a, b]);
    return [this.a.control, this.a.data, this.b.control, this.b.data, ...lanes];
  }

  #newLane(number: number): SimulatedLane {
    const [a, b] = channelPair(true);
    a.onSend = (bytes) => this.#meterChunk(this.meters.ab, bytes);
    b.onSend = (bytes) => this.#meterChunk(this.meters.ba, bytes);
    a.onLost = (bytes) => readChunkRecords(bytes, ({ payload }) => (this.meters.ab.lostBytes += payload.length));
    b.onLost = (bytes) => readChunkRecords(bytes, ({ payload }) => (this.meters.ba.lostBytes += payload.length));
    const lane = { a, b };
    this.lanes.set(number, lane);
    return lane;
  }

  #openLane(number: number): void {
    const lane = this.lanes.get(number);
    // One end may have been given up while the other was made.
    if (lane?.a.state !== 'connecting' || lane.b.state !== 'connecting') return;
    lane.a.open();
    lane.b.open();
  }

  #meterChunk(meter: PayloadMeter, bytes: Bytes): void {
    readChunkRecords(bytes, ({ number, block, payload }) => {
      meter.sentBytes += payload.length;
      meter.blocks.add(`${number}/${block}`);
      meter.blocksById.add(`${meter.ids.get(number) ?? ''}/${block}`);
    });
    const countedBytes = meter.sentBytes - meter.lostBytes;
    if (countedBytes > meter.grantedBytes) {
      this.violations.push(`sent ${countedBytes} bytes with credit for ${meter.grantedBytes}`);
    }
  }

  #meterDelivery(channel: SimulatedChannel, bytes: Bytes): void {
    const lanes = [...this.lanes.values()];
    const isFromA = channel === this.a.control || channel === this.a.data || lanes.some((lane) => lane.a === channel);
    const isLane = lanes.some((lane) => lane.a === channel || lane.b === channel);
    if (isLane && channel.peer?.state !== 'open') return;
    const [own, other] = isFromA ? [this.meters.ab, this.meters.ba] : [this.meters.ba, this.meters.ab];
    try {
      if (isLane || channel === this.a.data || channel === this.b.data) {
        readChunkRecords(bytes, ({ payload }) => (own.deliveredBytes += payload.length));
        return;
      }
      const frame = decodeControlFrame(bytes);
      if (frame === undefined) return;
      this.seen.set(frame.name, (this.seen.get(frame.name) ?? 0) + 1);
      if (frame.name === 'credit') other.grantedBytes = Math.max(other.grantedBytes, frame.limitBytes);
    } catch {
      // Garbage that the simulation itself put there: what the receiving end says about it is what counts.
    }
  }
}

/** What an honest end sends: decoding it must not fail. */
function meterControl(own: PayloadMeter, other: PayloadMeter, bytes: Bytes): void {
  const frame = decodeControlFrame(bytes);
  if (frame?.name === 'offer') own.ids.set(frame.number, frame.transferId);
  if (frame?.name === 'credit') other.givenBytes = Math.max(other.givenBytes, frame.limitBytes);
}
