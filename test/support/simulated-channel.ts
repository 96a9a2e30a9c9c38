import type { Bytes } from '../../src/core/bytes.ts';
import { TransferError } from '../../src/core/errors.ts';
import type { Channel } from '../../src/ports/channel.ts';

/** What goes wrong with the message that is delivered next. On a real channel only a lying peer can do these. */
export type Mischief =
  /** It comes twice. */
  | 'duplicate'
  /** The one behind it comes first. */
  | 'swap'
  /** Its last bytes are missing. */
  | 'truncate';

/** Data frames from this length on are copied into buffers that are used again, and overwritten once delivered. */
const MIN_POOLED_BYTES = 4 * 1024;
const POOL_BUFFERS = 64;
/** What a view of a delivered data frame shows, if anybody kept one. */
const SCRIBBLE = 0xdd;

interface Message {
  readonly bytes: Bytes;
  /** Of `bufferedAmount`; none for what the channel's owner has not sent. */
  readonly countedBytes: number;
}

/** Free buffers by their size, a power of two. */
const pools = new Map<number, Bytes[]>();

/**
 * One end of a simulated data channel. What is sent waits until `deliver`. `close` is that of WebRTC: what was sent
 * before still arrives, then the other end closes; `abort` is a cut.
 */
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
  /** Sees every message that will not be delivered any more. */
  onLost: ((bytes: Bytes) => void) | undefined;
  peer: SimulatedChannel | undefined;
  maxBufferedAmount = 0;
  readonly #isForData: boolean;
  #mischief: Mischief | undefined;
  #isAborted = false;
  #isSevered = false;
  readonly #queue: Message[] = [];

  constructor(isForData: boolean) {
    this.#isForData = isForData;
  }

  /** There is something to deliver: a message, or the news that this end was closed. */
  get isWaiting(): boolean {
    if (this.#isSevered) return false;
    return this.#queue.length > 0 || (this.state === 'closed' && !this.#isAborted && this.peer?.state === 'open');
  }

  /** The message that `deliver` will hand over. */
  get next(): Bytes | undefined {
    const [first, second] = this.#queue;
    return (this.#mischief === 'swap' ? (second ?? first) : first)?.bytes;
  }

  send(bytes: Bytes): void {
    if (this.state !== 'open') throw new TransferError('link-lost', 'host', 'channel is not open');
    const copy = this.#isForData && bytes.length >= MIN_POOLED_BYTES ? pooledCopy(bytes) : bytes.slice();
    this.onSend?.(copy);
    if (this.#isSevered) this.onLost?.(copy);
    else this.#queue.push({ bytes: copy, countedBytes: bytes.length });
    this.bufferedAmount += bytes.length;
    this.maxBufferedAmount = Math.max(this.maxBufferedAmount, this.bufferedAmount);
  }

  /** Puts a message before the others that the owner of this end never sent. */
  forge(bytes: Bytes): void {
    if (this.state === 'open') this.#queue.unshift({ bytes, countedBytes: 0 });
  }

  /** For the next message that it can be done to. */
  disturb(mischief: Mischief): void {
    this.#mischief = mischief;
  }

  close(): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    // Where somebody counts what is lost, that it is must not be found out only when it would have been delivered.
    if (this.peer?.onLost !== undefined) this.peer.#loseQueue();
    this.onClose?.();
  }

  /** The network is gone: nothing more arrives, and both ends are closed. */
  abort(): void {
    this.#isAborted = true;
    this.#loseQueue();
    this.close();
  }

  /** Nothing arrives any more, now or later, not even the news that it was closed; and nobody is told. */
  sever(): void {
    this.#isSevered = true;
    this.#loseQueue();
  }

  open(): void {
    this.state = 'open';
    this.onOpen?.();
  }

  /** Hands the oldest message to the other end; after the last one of a closed channel, the news of that. */
  deliver(): void {
    const message = this.#takeNext();
    if (message === undefined) {
      if (this.isWaiting) this.peer?.close();
      return;
    }
    const before = this.bufferedAmount;
    this.bufferedAmount -= message.countedBytes;
    if (this.peer?.state !== 'open') this.onLost?.(message.bytes);
    for (const bytes of this.#disturbed(message.bytes)) if (this.peer?.state === 'open') this.peer.onMessage?.(bytes);
    if (this.#isPooled(message)) recycle(message.bytes);
    const hasFallen =
      before > this.bufferedAmountLowThreshold && this.bufferedAmount <= this.bufferedAmountLowThreshold;
    if (hasFallen && this.state === 'open') this.onDrain?.();
  }

  #loseQueue(): void {
    for (const message of this.#queue.splice(0)) {
      this.onLost?.(message.bytes);
      if (this.#isPooled(message)) recycle(message.bytes);
    }
  }

  /** What was forged is the forger's. */
  #isPooled({ bytes, countedBytes }: Message): boolean {
    return this.#isForData && countedBytes > 0 && bytes.length >= MIN_POOLED_BYTES;
  }

  #takeNext(): Message | undefined {
    if (this.#mischief !== 'swap' || this.#queue.length < 2) return this.#queue.shift();
    this.#mischief = undefined;
    return this.#queue.splice(1, 1)[0];
  }

  #disturbed(bytes: Bytes): readonly Bytes[] {
    const mischief = this.#mischief;
    if (mischief === undefined || mischief === 'swap') return [bytes];
    this.#mischief = undefined;
    return mischief === 'duplicate' ? [bytes, bytes] : [bytes.subarray(0, bytes.length - 1)];
  }
}

export function channelPair(isForData: boolean): readonly [SimulatedChannel, SimulatedChannel] {
  const a = new SimulatedChannel(isForData);
  const b = new SimulatedChannel(isForData);
  a.peer = b;
  b.peer = a;
  return [a, b];
}

/** Fresh memory for each frame is what a simulation would spend most of its time on. */
function pooledCopy(bytes: Bytes): Bytes {
  const bufferBytes = 2 ** Math.ceil(Math.log2(bytes.length));
  const buffer = pools.get(bufferBytes)?.pop() ?? new Uint8Array(bufferBytes);
  buffer.set(bytes);
  return buffer.subarray(0, bytes.length);
}

/** Nothing keeps a view of a data frame (`machine.ts`): whoever does shall see what comes of it. */
function recycle(bytes: Bytes): void {
  bytes.fill(SCRIBBLE);
  const buffer = new Uint8Array(bytes.buffer);
  const pool = pools.get(buffer.length) ?? [];
  pools.set(buffer.length, pool);
  if (pool.length < POOL_BUFFERS) pool.push(buffer);
}
