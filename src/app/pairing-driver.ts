import { signal, type ReadonlySignal } from '@preact/signals';
import { toHex } from '../core/bytes.ts';
import { TransferError } from '../core/errors.ts';
import { Pairing, type PairingInput, type PairingOutput, type PairingState } from '../core/pairing/pairing.ts';
import type { Description } from '../core/sdp/description.ts';
import { ticketDigits, ticketLink, ticketText } from '../core/ticket/text.ts';
import { fitTicket } from '../core/ticket/fitting.ts';
import { encodeTicket, ticketId, type Ticket } from '../core/ticket/ticket.ts';
import type { Clock } from '../ports/clock.ts';
import type { Connection, Connector } from '../ports/connector.ts';
import type { QrEncoder } from '../ports/qr-encoder.ts';
import type { TransferEngine } from '../ports/transfer-engine.ts';
import type { LiveLink } from './live-link.ts';
import type { MyCode, PairingView } from './model.ts';

export interface PairingPorts {
  readonly connector: Connector;
  readonly clock: Clock;
  readonly qrEncoder: QrEncoder;
  readonly engine: TransferEngine;
}

/** The link is open: who is at the other end, as far as the codes say. */
export interface Paired {
  readonly linkId: number;
  /** What this side is known by to this peer. */
  readonly certificate: RTCCertificate;
  readonly mine: Description;
  readonly theirs: Description;
  readonly isBySight: boolean;
}

export interface PairingOptions {
  /** What links in codes start with; no fragment. */
  readonly baseUrl: string;
  /** Asked for each new connection. */
  readonly iceServers: () => readonly RTCIceServer[];
  /** A code was read that is of no use here. */
  readonly onRejected: (error: TransferError) => void;
  /** Theirs was read and is in use from now on. */
  readonly onRead: () => void;
  /** The link is open; comes before its first `verification` event is handled. */
  readonly onPaired: (paired: Paired) => void;
}

/** Two codes, and the connection between their makers that may come of them. */
export interface PairingAttempt {
  readonly mine: Description;
  readonly theirs: Ticket;
  readonly connection: Connection;
}

const MINUTE_MS = 60_000;

interface PairingConnection {
  readonly generation: number;
  readonly linkId: number;
  readonly certificate: RTCCertificate;
  readonly connection: Connection;
}

/** Runs the pairing machine against the browser. */
export class PairingDriver {
  readonly #ports: PairingPorts;
  readonly #options: PairingOptions;
  readonly #live: LiveLink;
  readonly #machine = new Pairing();
  readonly #myCode = signal<MyCode>({ state: 'none' });
  readonly #view = signal<PairingView>({ state: 'waiting' });
  /** The connection that pairs now. */
  #pairing: PairingConnection | undefined;
  /** The one that carries the link. */
  #paired: PairingConnection | undefined;
  /** The generation whose connection is to be made. */
  #wanted: number | undefined;
  #mine: Description | undefined;
  /** The code that was read last; the one in use, if `apply` has come for it. */
  #lastRead: Ticket | undefined;
  #theirs: Ticket | undefined;
  #madeEpochMs = 0;
  #stopTimer = (): void => undefined;
  #stopAging = (): void => undefined;

  /** @param live gets the connection once it is open */
  constructor(ports: PairingPorts, live: LiveLink, options: PairingOptions) {
    this.#ports = ports;
    this.#live = live;
    this.#options = options;
  }

  get myCode(): ReadonlySignal<MyCode> {
    return this.#myCode;
  }

  get view(): ReadonlySignal<PairingView> {
    return this.#view;
  }

  /** Would this code be of use here now: an open one of another device, or a reply to mine? */
  isWanted(ticket: Ticket): boolean {
    const mine = this.#mine;
    const { name } = this.#machine.state;
    if (mine === undefined || name === 'idle' || name === 'connected') return false;
    if (ticketId(ticket.description) === ticketId(mine)) return false;
    return ticket.kind === 'open' || ticket.repliesTo === ticketId(mine);
  }

  /** My code is on show, nobody was read, and it has only mDNS names where addresses could be (RFC 8828 §5.2). */
  get hidesAddresses(): boolean {
    if (this.#mine === undefined || this.#machine.state.name !== 'waiting') return false;
    return this.#mine.candidates.some(({ type, address }) => type === 'host' && address.endsWith('.local'));
  }

  get isPairing(): boolean {
    const { name } = this.#machine.state;
    return name !== 'idle' && name !== 'connected';
  }

  /** My code is on show, and the connection behind it has died: nobody can answer it. */
  get isStale(): boolean {
    return this.#machine.state.name === 'waiting' && this.#pairing?.connection.isAlive === false;
  }

  /** Both codes, and the connection that is to come of them; also after it has failed. */
  get attempt(): PairingAttempt | undefined {
    const [mine, theirs, pairing] = [this.#mine, this.#theirs, this.#pairing];
    if (mine === undefined || theirs === undefined || pairing === undefined) return undefined;
    return { mine, theirs, connection: pairing.connection };
  }

  start(): void {
    this.#input({ type: 'start' });
  }

  stop(): void {
    this.#input({ type: 'stop' });
    this.#hideCode();
  }

  read(ticket: Ticket, isBySight: boolean): void {
    this.#lastRead = ticket;
    this.#input({ type: 'read', ticket, isBySight });
  }

  /** The engine says that both channels of this link are open and the peers understand each other. */
  linkOpened(linkId: number): boolean {
    const opened = this.#pairing;
    if (opened?.linkId !== linkId) return false;
    this.#live.adopt(linkId, opened.connection);
    this.#paired = opened;
    this.#pairing = undefined;
    this.#mine = undefined;
    this.#input({ type: 'opened', generation: opened.generation });
    this.#hideCode();
    return true;
  }

  /** The connection that pairs lost its channels. */
  linkClosed(linkId: number, error: TransferError | undefined): void {
    if (this.#pairing?.linkId !== linkId) return;
    this.#input({
      type: 'failed',
      generation: this.#pairing.generation,
      error: error ?? new TransferError('connect-timeout', 'host', 'the channels closed before they were of use'),
    });
  }

  #input(input: PairingInput): void {
    this.#machine.handle(input, this.#ports.clock.nowMs());
    for (let output = this.#machine.poll(); output !== undefined; output = this.#machine.poll()) this.#act(output);
    this.#stopTimer();
    const deadlineMs = this.#machine.deadlineMs();
    if (deadlineMs === undefined) return;
    const delayMs = Math.max(0, deadlineMs - this.#ports.clock.nowMs());
    this.#stopTimer = this.#ports.clock.startTimer(delayMs, () => this.#input({ type: 'timeout' }));
  }

  #act(output: PairingOutput): void {
    switch (output.type) {
      case 'make':
        return this.#make(output.generation);
      case 'close':
        return this.#close(output.generation);
      case 'show':
        return this.#show(output.description, output.repliesTo);
      case 'apply': {
        if (this.#lastRead?.description === output.description) this.#theirs = this.#lastRead;
        const peerFingerprint = toHex(output.description.fingerprint);
        const linkId = this.#pairing?.linkId;
        if (linkId !== undefined) this.#ports.engine.post({ type: 'linkPeer', linkId, peerFingerprint });
        this.#options.onRead();
        return this.#settle(output.generation, (connection) => connection.apply(output.description, output.as));
      }
      case 'commit':
        return this.#settle(output.generation, (connection) => connection.commit(output.description));
      case 'addCandidates':
        return this.#pairing?.connection.addCandidates(output.candidates);
      case 'paired': {
        if (this.#paired?.generation !== output.generation) return;
        const { linkId, certificate } = this.#paired;
        const { mine, theirs, isBySight } = output;
        return this.#options.onPaired({ linkId, certificate, mine, theirs, isBySight });
      }
      case 'rejected':
        return this.#options.onRejected(output.error);
      case 'changed':
        return this.#changed(output.state);
      default:
        return output satisfies never;
    }
  }

  #make(generation: number): void {
    this.#wanted = generation;
    this.#open(generation).catch((cause: unknown) => {
      this.#input({ type: 'failed', generation, error: asTransferError(cause) });
    });
  }

  async #open(generation: number): Promise<void> {
    const certificate = await this.#ports.connector.makeCertificate();
    if (this.#wanted !== generation) return;
    const { linkId, connection } = this.#live.open({
      iceServers: this.#options.iceServers(),
      certificate,
      onPeerSeen: () => this.#input({ type: 'peerSeen', generation }),
      onFailed: (_, error) => this.#input({ type: 'failed', generation, error }),
    });
    this.#pairing = { generation, linkId, certificate, connection };
    const description = await connection.describe();
    if (generation === this.#pairing?.generation) this.#madeEpochMs = this.#ports.clock.epochMs();
    this.#input({ type: 'made', generation, description });
  }

  #close(generation: number): void {
    this.#wanted = undefined;
    if (this.#pairing?.generation !== generation) return;
    this.#ports.engine.post({ type: 'detach', linkId: this.#pairing.linkId });
    this.#pairing.connection.close();
    this.#pairing = undefined;
    this.#mine = undefined;
    this.#theirs = undefined;
  }

  #show(description: Description, repliesTo: number | undefined): void {
    this.#mine = description;
    const createdMinute = Math.floor(this.#madeEpochMs / MINUTE_MS);
    const ticket: Ticket =
      repliesTo === undefined
        ? { kind: 'open', createdMinute, description }
        : { kind: 'reply', repliesTo, createdMinute, description };
    const bytes = encodeTicket(fitTicket(ticket));
    const ageMinutes = signal(this.#ageMinutes());
    this.#myCode.value = {
      state: 'shown',
      ageMinutes,
      kind: ticket.kind,
      link: ticketLink(this.#options.baseUrl, bytes),
      text: ticketText(bytes),
      qr: this.#ports.qrEncoder.encode(`${this.#options.baseUrl}#`, ticketDigits(bytes)),
      sizeBytes: bytes.length,
    };
    this.#stopAging();
    const age = (): void => {
      ageMinutes.value = this.#ageMinutes();
      this.#stopAging = this.#ports.clock.startTimer(MINUTE_MS, age);
    };
    age();
  }

  #ageMinutes(): number {
    return Math.max(0, Math.floor((this.#ports.clock.epochMs() - this.#madeEpochMs) / MINUTE_MS));
  }

  #hideCode(): void {
    this.#stopAging();
    this.#myCode.value = { state: 'none' };
  }

  #settle(generation: number, action: (connection: Connection) => Promise<void>): void {
    if (this.#pairing?.generation !== generation) return;
    action(this.#pairing.connection).catch((cause: unknown) => {
      this.#input({ type: 'failed', generation, error: asTransferError(cause) });
    });
  }

  #changed(state: PairingState): void {
    switch (state.name) {
      case 'idle':
      case 'connected':
        this.#view.value = { state: 'waiting' };
        return;
      case 'making':
        this.#myCode.value = { state: 'making' };
        this.#view.value = { state: 'waiting' };
        return;
      case 'waiting':
        this.#view.value = { state: 'waiting' };
        return;
      case 'applied':
        this.#view.value = { state: 'read' };
        return;
      case 'connecting':
      case 'slow':
        this.#view.value = { state: state.name };
        return;
      case 'failed':
        if (this.#myCode.value.state === 'making') this.#myCode.value = { state: 'failed', error: state.error };
        this.#view.value = { state: 'failed', error: state.error };
        return;
      default:
        state satisfies never;
    }
  }
}

export function asTransferError(cause: unknown): TransferError {
  if (cause instanceof TransferError) return cause;
  return new TransferError('internal', 'local', String(cause), cause);
}
