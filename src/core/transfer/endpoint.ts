import type { Bytes } from '../bytes.ts';
import { fromHex, toHex, unreachable } from '../bytes.ts';
import { TransferError } from '../errors.ts';
import type { ControlFrame, Frames, PageFrame } from '../wire/control-frame.ts';
import { decodeControlFrame, encodeControlFrame, isHealing } from '../wire/control-frame.ts';
import type { ChunkRecord } from '../wire/frames/chunk.ts';
import { readChunkRecords } from '../wire/frames/chunk.ts';
import {
  CAPABILITY,
  MAX_FRAME_BYTES,
  MAX_OPEN_TRANSFERS,
  MAX_RESUME_TOKENS,
  MAX_TRANSFER_NUMBER,
} from '../wire/limits.ts';
import { ChunkFiller } from './chunk-filler.ts';
import type { TransferContext } from './context.ts';
import { limitExceeded, violation } from './context.ts';
import type { LinkState, ReadyLink } from './link-state.ts';
import { LinkLanes } from './link-lanes.ts';
import { agree, ownHello } from './link-state.ts';
import type { AnswerInput, CommandInput, Input, Output } from './machine.ts';
import { resumeToken } from './merkle.ts';
import type { TransferOptions } from './options.ts';
import { DEFAULT_OPTIONS } from './options.ts';
import { Pulse } from './pulse.ts';
import type { ReceiverFrame } from './receiver.ts';
import { Receiver } from './receiver.ts';
import type { SenderFrame } from './sender.ts';
import type { SentRecord } from './sent-frames.ts';
import { Sender } from './sender.ts';

/**
 * Everything that one device sends and receives: all transfers of a tab, in both directions, over one link at a time.
 * Links come and go; transfers stay.
 *
 * Call `handle`, then `poll` until it gives undefined; call `fillDataFrame` whenever the data channel has room; call
 * `handle` with 'timeout' when `deadlineMs` has passed. Peer bytes never throw: they end the link with a `closeLink`
 * that says why, and the transfers are 'interrupted' for another link.
 */
export class Endpoint {
  readonly #options: TransferOptions;
  readonly #outputs: Output[] = [];
  readonly #senders = new Map<string, Sender>();
  readonly #receivers = new Map<string, Receiver>();
  readonly #context: TransferContext;
  readonly #pulse: Pulse;
  #link: LinkState = { name: 'none' };
  #linkEpoch = 0;
  #peerFingerprint = '';
  /** Whose turn it is among running senders. */
  #turn = 0;

  constructor(options: TransferOptions = DEFAULT_OPTIONS) {
    this.#options = options;
    this.#context = this.#makeContext();
    this.#pulse = new Pulse(options, {
      ping: (number) => this.#send({ name: 'ping', token: number }),
      event: (type) => this.#context.event({ type }),
    });
  }

  handle(input: Input, nowMs: number): void {
    try {
      this.#dispatch(input, nowMs);
    } catch (error) {
      // The one place where the peer's mistakes end. Ours go on: they are bugs.
      if (!(error instanceof TransferError) || error.origin !== 'remote') throw error;
      this.#abandonLink(error);
    }
    this.#grantCredit();
  }

  poll(): Output | undefined {
    return this.#outputs.shift();
  }

  /** When 'timeout' is to be handled; undefined: never. */
  deadlineMs(): number | undefined {
    let earliestMs = this.#link.name === 'greeting' ? this.#link.deadlineMs : this.#pulse.deadlineMs();
    if (this.#link.name === 'ready') {
      earliestMs = Math.min(earliestMs, this.#link.lanes?.deadlineMs(this.#isSending()) ?? Number.POSITIVE_INFINITY);
    }
    for (const transfer of [...this.#receivers.values(), ...this.#senders.values()]) {
      earliestMs = Math.min(earliestMs, transfer.deadlineMs() ?? Number.POSITIVE_INFINITY);
    }
    return earliestMs === Number.POSITIVE_INFINITY ? undefined : earliestMs;
  }

  /**
   * Writes the next data frame into `frame`, as much as credit and what was read allow.
   * @param lane that it goes over
   * @returns its length; 0 when there is nothing to send now. Then `poll`, in either case.
   */
  fillDataFrame(frame: Bytes, lane: number, nowMs: number): number {
    if (this.#link.name !== 'ready') return 0;
    const link = this.#link;
    if (lane !== 0 && link.lanes?.isUsable(lane) !== true) return 0;
    const isStriped = link.lanes?.isStriped === true;
    const isShort = link.lanes?.wantsShortFrames === true;
    const frameBytes = isShort ? Math.min(link.frameBytes, this.#options.stripeBytes) : link.frameBytes;
    const log: SentRecord[] | undefined = isStriped ? [] : undefined;
    const filler = new ChunkFiller(frame, frameBytes, link.taken.availableBytes);
    const active = this.#activeSenders();
    for (let i = 0; i < active.length && filler.length < frameBytes; i++) {
      link.taken.sent(active[(this.#turn + i) % active.length]?.fill(filler, log) ?? 0);
    }
    this.#turn++;
    if (filler.length === 0) link.isStarved = true;
    else link.lanes?.sent(lane, log, nowMs);
    link.sentFrameBytes += filler.length;
    return filler.length;
  }

  #makeContext(): TransferContext {
    // Read at each use: both change with every link.
    const peerFingerprint = () => this.#peerFingerprint;
    const linkEpoch = () => this.#linkEpoch;
    const hasLanes = () => this.#link.name === 'ready' && this.#link.lanes !== undefined;
    return {
      options: this.#options,
      get peerFingerprint() {
        return peerFingerprint();
      },
      get linkEpoch() {
        return linkEpoch();
      },
      get hasLanes() {
        return hasLanes();
      },
      refundCredit: (bytes) => {
        if (this.#link.name === 'ready') this.#link.taken.sent(-bytes);
      },
      emit: (output) => this.#outputs.push(output),
      event: (event) => this.#outputs.push({ type: 'event', event }),
      send: (frame) => this.#send(frame),
      releaseCredit: (bytes, epoch) => {
        if (epoch === this.#linkEpoch && this.#link.name === 'ready') this.#link.given.release(bytes);
      },
    };
  }

  #dispatch(input: Input, nowMs: number): void {
    switch (input.type) {
      case 'linkOpened':
        this.#loseLink();
        this.#linkEpoch++;
        this.#peerFingerprint = input.peerFingerprint;
        this.#link = { name: 'greeting', nonce: input.nonce, deadlineMs: nowMs + this.#options.helloTimeoutMs };
        return this.#send(ownHello(input.nonce));
      case 'peerKnown':
        this.#peerFingerprint = input.peerFingerprint;
        return;
      case 'linkClosed':
        return this.#loseLink();
      case 'pageFrame':
        if (this.#link.name === 'ready' && mayTravel(this.#link, input.frame)) this.#pageFrame(this.#link, input.frame);
        return;
      case 'laneOpened':
        if (this.#link.name === 'ready') this.#laneOpened(this.#link, input.lane, nowMs);
        return;
      case 'laneClosed':
        if (this.#link.name === 'ready') this.#link.lanes?.closed(input.lane, nowMs);
        return;
      case 'refuseLink':
        return this.#abandonLink(input.error);
      case 'controlFrame':
        this.#pulse.heard(nowMs);
        return this.#controlFrame(input.bytes, nowMs);
      case 'dataFrame':
        this.#pulse.heard(nowMs);
        return this.#dataFrame(input.lane, input.bytes, nowMs);
      case 'timeout':
        return this.#timeout(nowMs, input.bufferedBytes ?? 0);
      case 'send':
      case 'accept':
      case 'decline':
      case 'cancel':
      case 'discard':
      case 'markSaved':
      case 'pause':
      case 'resume':
      case 'attach':
      case 'restored':
        return this.#command(input);
      case 'readDone':
      case 'hashed':
      case 'stored':
      case 'probed':
      case 'created':
      case 'begun':
      case 'manifestStored':
      case 'checkpointed':
      case 'removed':
      case 'pageLoaded':
      case 'ioFailed':
        return this.#answer(input, nowMs);
      default:
        return unreachable(input);
    }
  }

  #timeout(nowMs: number, bufferedBytes: number): void {
    if (this.#link.name === 'greeting' && nowMs >= this.#link.deadlineMs) {
      this.#abandonLink(new TransferError('connect-timeout', 'host', 'no HELLO came'));
    }
    this.#pulse.timeout(nowMs);
    if (this.#link.name === 'ready') this.#sampleLanes(this.#link, bufferedBytes, nowMs);
    for (const transfer of [...this.#receivers.values(), ...this.#senders.values()]) transfer.checkpointIfDue(nowMs);
  }

  #command(input: CommandInput): void {
    if (input.type === 'send') {
      if (this.#senders.has(input.transferId)) return;
      this.#senders.set(input.transferId, Sender.queued(input, this.#context));
      return this.#offerQueued();
    }
    if (input.type === 'restored') return this.#restore(input);
    const receiver = this.#receivers.get(input.transferId);
    if (receiver === undefined) return this.#commandSender(input);
    if (input.type === 'attach') return;
    if (input.type === 'accept') receiver.accept(input.epochMs, input.folderName);
    else receiver[input.type]();
    if (input.type === 'resume' && receiver.wantsOffer) this.#sendResume([receiver]);
    this.#forgetIfGone(receiver);
  }

  #restore(input: Extract<CommandInput, { type: 'restored' }>): void {
    const { transferId, direction } = input.header;
    // What was offered while another tab had it, and could not begin, gives way to what is known of it.
    const isInUse = this.#receivers.get(transferId)?.isBegun ?? this.#senders.has(transferId);
    if (isInUse) return;
    if (direction === 'receiving') {
      this.#receivers.set(transferId, Receiver.restored(input, this.#context));
      return;
    }
    const sender = Sender.restored(input, this.#context);
    if (sender === undefined) this.#context.emit({ type: 'remove', transferId });
    else this.#senders.set(transferId, sender);
  }

  #commandSender(input: Exclude<CommandInput, { type: 'send' | 'restored' }>): void {
    const sender = this.#senders.get(input.transferId);
    if (sender === undefined) return;
    switch (input.type) {
      case 'accept':
      case 'decline':
      case 'markSaved':
        return;
      case 'pause':
        sender.pause();
        break;
      case 'resume':
        sender.resume();
        this.#offerWanted(sender);
        break;
      case 'attach':
        sender.attach(input.files, input.withoutMissing);
        this.#offerWanted(sender);
        break;
      case 'cancel':
        sender.cancel();
        break;
      case 'discard':
        sender.discard();
        break;
    }
    this.#forgetIfGone(sender);
    this.#offerQueued();
    this.#wakeSenders();
  }

  /** What could not be offered when the receiver asked for it can be now, or what had left the link. */
  #offerWanted(sender: Sender): void {
    if (this.#link.name !== 'ready' || sender.number !== undefined || !sender.canResume) return;
    const { nonce, peerNonce, wanted, lastSenderNumber } = this.#link;
    const isWanted = wanted.has(token(nonce, peerNonce, sender.transferId));
    if (isWanted || (sender.lastNumber !== undefined && sender.lastNumber <= lastSenderNumber)) this.#offer(sender);
  }

  #answer(input: AnswerInput, nowMs: number): void {
    const sender = this.#senders.get(input.transferId);
    const receiver = this.#receivers.get(input.transferId);
    if (input.type === 'readDone') sender?.readDone(input.slabId, input.bytes);
    else if (input.type === 'hashed') sender?.hashed(input, nowMs);
    else if (input.type === 'ioFailed' && (input.operation === 'read' || input.operation === 'hash')) {
      sender?.readFailed(input.slabId, input.error);
    } else {
      const transfer = receiver ?? sender;
      transfer?.handleAnswer(input, nowMs);
      if (transfer !== undefined) this.#forgetIfGone(transfer);
    }
    if (sender !== undefined) this.#wakeSenders();
  }

  #forgetIfGone(transfer: Receiver | Sender): void {
    if (!transfer.isGone) return;
    this.#receivers.delete(transfer.transferId);
    this.#senders.delete(transfer.transferId);
  }

  #controlFrame(bytes: Bytes, nowMs: number): void {
    if (this.#link.name === 'none') return;
    const frame = decodeControlFrame(bytes);
    if (frame === undefined) return;
    if (frame.name === 'error') return this.#peerGaveUp(frame);
    if (this.#link.name === 'greeting') {
      if (frame.name !== 'hello') throw violation(`${frame.name} before HELLO`);
      return this.#ready(this.#link.nonce, frame, nowMs);
    }
    this.#readyFrame(this.#link, frame, nowMs);
  }

  #readyFrame(link: ReadyLink, frame: Exclude<ControlFrame, { readonly name: 'error' }>, nowMs: number): void {
    switch (frame.name) {
      case 'hello':
        throw violation('second HELLO');
      case 'key':
      case 'standby':
      case 'restart':
      case 'known':
      case 'bye':
        if (!mayTravel(link, frame)) throw violation(`${frame.name}, which HELLO did not agree on`);
        return this.#context.event({ type: 'pageFrame', frame });
      case 'commit':
      case 'reveal':
        return this.#context.event({ type: 'pageFrame', frame });
      case 'lane':
        if (lanesOf(link, frame).heard(frame.lane, nowMs)) this.#context.event({ type: 'pageFrame', frame });
        return;
      case 'laneAck':
      case 'laneEnd':
        return lanesOf(link, frame).handle(frame, nowMs);
      case 'ping':
        return this.#send({ name: 'pong', token: frame.token });
      case 'pong':
        link.lanes?.ponged(frame.token, nowMs);
        return this.#pulse.ponged(frame.token, nowMs);
      case 'credit':
        return link.taken.granted(frame.limitBytes);
      case 'resume':
        return this.#resume(link, frame);
      case 'offer':
        return this.#offered(link, frame);
      case 'manifest':
      case 'root':
      case 'withdraw':
      case 'confirm':
        return this.#toReceiver(link, frame, nowMs);
      case 'cancel':
      case 'halt':
      case 'pause':
        return frame.role === 'sender' ? this.#toReceiver(link, frame, nowMs) : this.#toSender(link, frame);
      case 'manifestAck':
      case 'have':
      case 'accept':
      case 'decline':
      case 'retry':
      case 'claim':
      case 'progress':
      case 'verified':
        return this.#toSender(link, frame);
      default:
        return unreachable(frame);
    }
  }

  #ready(nonce: string, hello: Frames['hello'], nowMs: number): void {
    const link = agree(nonce, hello, this.#options.frameBytes, this.#options.windowBytes);
    this.#link = link;
    if ((link.capabilities & CAPABILITY.lanes) !== 0) link.lanes = this.#newLanes(link, nowMs);
    this.#pulse.start(nowMs);
    this.#context.event({ type: 'linkReady', capabilities: link.capabilities });
    this.#sendResume([...this.#receivers.values()].slice(-MAX_RESUME_TOKENS));
    this.#offerQueued();
  }

  #peerGaveUp(frame: Frames['error']): void {
    this.#outputs.push({
      type: 'closeLink',
      error: new TransferError(frame.code, 'remote', `the peer ended the link: ${frame.message}`),
    });
    this.#loseLink();
  }

  #toSender(link: ReadyLink, frame: SenderFrame): void {
    if (frame.number > link.lastSenderNumber) throw notOffered(frame.name, frame.number);
    const sender = link.senders.get(frame.number);
    // It may have ended here while the frame was on its way.
    if (sender?.number !== frame.number) return;
    sender.handleFrame(frame);
    if (sender.number === undefined) link.senders.delete(frame.number);
    this.#offerQueued();
    this.#wakeSenders();
  }

  #toReceiver(link: ReadyLink, frame: ReceiverFrame, nowMs: number): void {
    if (frame.number > link.lastReceiverNumber) throw notOffered(frame.name, frame.number);
    const receiver = link.receivers.get(frame.number);
    if (receiver?.number !== frame.number) return;
    receiver.handleFrame(frame, nowMs);
    // Taken back before the person was asked: as if it had never been.
    if (receiver.number === undefined && !receiver.isShown) this.#receivers.delete(receiver.transferId);
  }

  #dataFrame(lane: number, bytes: Bytes, nowMs: number): void {
    if (this.#link.name === 'none') return;
    const link = this.#link;
    if (link.name !== 'ready') throw violation('data frame before HELLO');
    if (bytes.length > MAX_FRAME_BYTES) throw limitExceeded(`data frame of ${bytes.length} bytes`);
    // By our count it did not arrive: the peer sends it again.
    if (link.lanes?.received(lane, nowMs) === false) return;
    readChunkRecords(bytes, (record) => this.#chunk(link, record, nowMs));
  }

  #newLanes(link: ReadyLink, nowMs: number): LinkLanes {
    const lost = (records: readonly SentRecord[]): void => {
      for (const record of records) if (!record.sender.lost(record)) link.taken.sent(-record.payloadBytes);
    };
    const event = (type: 'openLane' | 'closeLane', lane: number): void => this.#context.event({ type, lane });
    return new LinkLanes(this.#options, { send: (frame) => this.#send(frame), event, lost }, nowMs);
  }

  #sampleLanes(link: ReadyLink, bufferedBytes: number, nowMs: number): void {
    const { lanes, isStarved } = link;
    if (lanes === undefined || nowMs < lanes.deadlineMs(true)) return;
    const egressBytes = link.sentFrameBytes - bufferedBytes;
    lanes.timeout({ isSending: this.#isSending(), isStarved, egressBytes }, nowMs);
    link.isStarved = false;
  }

  #laneOpened(link: ReadyLink, lane: number, nowMs: number): void {
    if (link.lanes?.opened(lane, nowMs) !== true) this.#context.event({ type: 'closeLane', lane });
  }

  #pageFrame(link: ReadyLink, frame: PageFrame): void {
    if (frame.name === 'lane' && link.lanes?.said(frame.lane) !== true) return;
    this.#send(frame);
  }

  #isSending(): boolean {
    for (const sender of this.#senders.values()) if (sender.isActive) return true;
    return false;
  }

  #chunk(link: ReadyLink, record: ChunkRecord, nowMs: number): void {
    link.given.received(record.payload.length);
    if (record.number > link.lastReceiverNumber) throw notOffered('chunk', record.number);
    const receiver = link.receivers.get(record.number);
    if (receiver?.number === record.number) receiver.chunk(record, nowMs);
    else link.given.release(record.payload.length);
  }

  #offered(link: ReadyLink, offer: Frames['offer']): void {
    if (offer.number <= link.lastReceiverNumber) throw violation(`OFFER ${offer.number} is not above the last number`);
    link.lastReceiverNumber = offer.number;
    for (const [number, receiver] of link.receivers) if (receiver.number !== number) link.receivers.delete(number);
    if (link.receivers.size >= MAX_OPEN_TRANSFERS)
      throw limitExceeded(`more than ${MAX_OPEN_TRANSFERS} transfers open`);
    if (this.#senders.has(offer.transferId)) throw violation('OFFER of a transfer that we are sending');
    const known = this.#receivers.get(offer.transferId);
    known?.offeredAgain(offer);
    const receiver = known ?? Receiver.offered(offer, this.#context);
    this.#receivers.set(offer.transferId, receiver);
    link.receivers.set(offer.number, receiver);
  }

  /** Offers what may go to any peer, as far as the number of open transfers allows. */
  #offerQueued(): void {
    for (const sender of this.#senders.values()) if (sender.isForAnyPeer) this.#offer(sender);
  }

  #offer(sender: Sender): void {
    if (this.#link.name !== 'ready') return;
    const link = this.#link;
    for (const [number, other] of link.senders) if (other.number !== number) link.senders.delete(number);
    if (link.senders.size >= MAX_OPEN_TRANSFERS || link.lastSenderNumber >= MAX_TRANSFER_NUMBER) return;
    const number = ++link.lastSenderNumber;
    if (sender.isTombstone) return sender.offerCancelled(number);
    link.senders.set(number, sender);
    sender.offer(number);
  }

  #sendResume(receivers: readonly Receiver[]): void {
    if (this.#link.name !== 'ready' || receivers.length === 0) return;
    const { nonce, peerNonce } = this.#link;
    this.#send({ name: 'resume', tokens: receivers.map((receiver) => token(peerNonce, nonce, receiver.transferId)) });
  }

  #resume(link: ReadyLink, frame: Frames['resume']): void {
    link.resumeTokens += frame.tokens.length;
    if (link.resumeTokens > MAX_RESUME_TOKENS * 16) throw limitExceeded('too many RESUME tokens');
    for (const wanted of frame.tokens) link.wanted.add(wanted);
    const wanted = new Set(frame.tokens);
    for (const sender of this.#senders.values()) {
      if (sender.number !== undefined || (!sender.canResume && !sender.isTombstone)) continue;
      if (wanted.has(token(link.nonce, link.peerNonce, sender.transferId))) this.#offer(sender);
    }
  }

  #activeSenders(): readonly Sender[] {
    const running = [...this.#senders.values()].filter((sender) => sender.isActive);
    return running.slice(0, this.#options.sendersAtOnce);
  }

  #wakeSenders(): void {
    for (const sender of this.#activeSenders()) sender.wake();
  }

  #grantCredit(): void {
    if (this.#link.name !== 'ready') return;
    const limitBytes = this.#link.given.grant();
    if (limitBytes !== undefined) this.#send({ name: 'credit', limitBytes });
  }

  #send(frame: ControlFrame): void {
    this.#outputs.push({ type: 'sendControl', bytes: encodeControlFrame(frame) });
  }

  /** Says why, and ends the link. */
  #abandonLink(error: TransferError): void {
    if (this.#link.name === 'none') return;
    this.#send({ name: 'error', code: error.code, message: error.message });
    this.#outputs.push({ type: 'closeLink', error });
    this.#loseLink();
  }

  #loseLink(): void {
    if (this.#link.name === 'none') return;
    this.#link = { name: 'none' };
    this.#pulse.stop();
    this.#linkEpoch++;
    for (const sender of this.#senders.values()) sender.linkLost();
    for (const receiver of this.#receivers.values()) {
      receiver.linkLost();
      // The person was not asked yet; it will be offered again.
      if (!receiver.isShown) this.#receivers.delete(receiver.transferId);
    }
  }
}

/** What only peers that can heal may say to each other. */
function mayTravel(link: ReadyLink, frame: PageFrame): boolean {
  return !isHealing(frame) || (link.capabilities & CAPABILITY.healing) !== 0;
}

function lanesOf(link: ReadyLink, { name }: ControlFrame): LinkLanes {
  if (link.lanes === undefined) throw violation(`${name}, which HELLO did not agree on`);
  return link.lanes;
}

function notOffered(what: string, number: number): TransferError {
  return violation(`${what} for number ${number}, which was not offered`);
}

/** WIRE.md §4.5. All 32 hex digits. */
function token(senderNonce: string, receiverNonce: string, transferId: string): string {
  const [sender, receiver, id] = [senderNonce, receiverNonce, transferId].map(
    (hex) => fromHex(hex) ?? new Uint8Array(16),
  );
  return toHex(resumeToken(sender ?? NOTHING, receiver ?? NOTHING, id ?? NOTHING));
}

const NOTHING: Bytes = new Uint8Array(16);
