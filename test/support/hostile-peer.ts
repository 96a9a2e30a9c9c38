import type { Bytes } from '../../src/core/bytes.ts';
import { FakeClock } from './fake-clock.ts';
import { CODES, TYPE, wire } from './hostile-wire.ts';
import { MemorySource } from './memory-source.ts';
import { nodeHasher } from './node-hasher.ts';
import { SeededRandom } from './seeded-random.ts';
import type { SimulatedChannel } from './simulated-channel.ts';
import { channelPair } from './simulated-channel.ts';
import { SimulatedDevice } from './simulated-device.ts';
import { settle } from './simulation.ts';

type FrameName = keyof typeof TYPE;

/** Rounds without a message after which nothing more is expected; 100 ms pass in each. */
const QUIET_ROUNDS = 5;

/**
 * The other end of a link with an honest device, moved by hand. It sends whatever it is told to, and keeps what it hears.
 * Speaks by `hostile-wire.ts`, so by WIRE.md alone.
 */
export class HostilePeer {
  readonly device: SimulatedDevice;
  readonly #clock: FakeClock;
  #control: SimulatedChannel;
  #data: SimulatedChannel;
  #theirs: readonly SimulatedChannel[] = [];
  #linkId = 0;
  /** What was heard on this link, by type byte, in order. */
  heard: Bytes[] = [];
  /** Data frames that were heard on this link. */
  heardData: Bytes[] = [];

  constructor() {
    this.#clock = new FakeClock();
    this.device = new SimulatedDevice(this.#clock, new SeededRandom(5), nodeHasher, {});
    [this.#control] = channelPair(false);
    [this.#data] = channelPair(true);
  }

  /** Opens a link, the first or a new one. @param hello undefined: says nothing yet */
  async connect(hello: Bytes | undefined = wire.hello()): Promise<this> {
    const [control, theirControl] = channelPair(false);
    const [data, theirData] = channelPair(true);
    this.#control = control;
    this.#data = data;
    this.#theirs = [theirControl, theirData];
    this.heard = [];
    this.heardData = [];
    control.onMessage = (bytes) => this.heard.push(bytes);
    data.onMessage = (bytes) => this.heardData.push(bytes.slice());
    await settle();
    this.device.runner.attach(++this.#linkId, theirControl, theirData);
    for (const channel of [control, data, theirControl, theirData]) channel.open();
    await this.pump();
    if (hello !== undefined) await this.say(hello);
    return this;
  }

  /** On the control channel, one after the other. */
  async say(...frames: readonly Bytes[]): Promise<void> {
    for (const frame of frames) if (this.#control.state === 'open') this.#control.send(frame);
    await this.pump();
  }

  /** On the data channel. */
  async sayData(...frames: readonly Bytes[]): Promise<void> {
    for (const frame of frames) if (this.#data.state === 'open') this.#data.send(frame);
    await this.pump();
  }

  /** The link is lost. */
  async hangUp(): Promise<void> {
    for (const channel of [this.#control, this.#data, ...this.#theirs]) channel.abort();
    await this.pump();
  }

  /** The device has files to send. */
  async offersMe(files: readonly { readonly path: string; readonly bytes: Bytes }[], id: string): Promise<void> {
    this.device.send(
      id,
      files.map(({ path, bytes }) => new MemorySource(path, bytes)),
    );
    await this.pump();
  }

  /** Until nothing moves any more. */
  async pump(): Promise<void> {
    const channels = [this.#control, this.#data, ...this.#theirs];
    for (let quiet = 0; quiet < QUIET_ROUNDS; quiet++) {
      await settle();
      while (channels.some((channel) => channel.isWaiting)) {
        quiet = 0;
        for (const channel of channels) channel.deliver();
        await settle();
      }
      this.#clock.pass(100);
    }
  }

  get isOpen(): boolean {
    return this.#control.state === 'open' && this.#data.state === 'open';
  }

  /** Frames of that kind that were heard on this link. */
  all(name: FrameName): readonly Bytes[] {
    return this.heard.filter((frame) => frame[0] === TYPE[name]);
  }

  /** The last of them. */
  last(name: FrameName): Bytes | undefined {
    return this.all(name).at(-1);
  }

  /** Of the ERROR that was heard. */
  get error(): string | undefined {
    return codeAt(this.last('error'), 1);
  }

  /** Of the HALT that was heard last. */
  get halt(): string | undefined {
    return codeAt(this.last('halt'), 4);
  }

  /** Why it was declined: 'person', or the code. */
  get decline(): string | undefined {
    const reason = this.last('decline')?.[3];
    return reason === undefined ? undefined : reason === 0 ? 'person' : CODES[reason - 1];
  }

  /** The nonce of the device's HELLO. */
  get nonce(): Bytes {
    return this.last('hello')?.subarray(17, 33) ?? new Uint8Array(0);
  }

  /** The most that the device had waiting in its data channel. */
  get maxBufferedBytes(): number {
    return Math.max(...this.#theirs.map((channel) => channel.maxBufferedAmount));
  }

  /** The highest CREDIT. */
  get creditBytes(): number {
    return Math.max(0, ...this.all('credit').map((frame) => Number(viewOf(frame).getBigUint64(1))));
  }
}

export function viewOf(frame: Bytes): DataView {
  return new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
}

function codeAt(frame: Bytes | undefined, at: number): string | undefined {
  const number = frame?.[at];
  return number === undefined ? undefined : (CODES[number] ?? `code ${number}`);
}
