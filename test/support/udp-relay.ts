import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { systemClock } from '../../src/adapters/device/system-clock.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { NetworkPath, type PathConditions, PERFECT_PATH } from './network-path.ts';

/*
 * A bad network between two browsers, without root: UDP sockets of this process stand between them.
 *
 * Each connection has two sockets. To browser `a`, the one is browser `b`: it is the only candidate of `b` that `a` is
 * told (`relay-page.ts` sees to that), and everything that `b` sends comes out of it. So for ICE there is exactly one
 * pair, and nobody learns an address that leads past the relay. What comes in is sent out of the other socket, to the
 * address from which that browser itself has sent last: each side makes checks, so both are known at once.
 *
 *   a  <->  [ towards a | towards b ]  <->  b
 *
 * Delay, loss and rate belong to the direction, shared by all connections of the relay: one path. A blackout can also
 * be had for one connection alone.
 */

export type RelaySide = 'a' | 'b';

/** A send buffer that is full for a moment must not drop what the model lets through. */
const SOCKET_BUFFER_BYTES = 8 * 1024 * 1024;

export interface RelayOptions {
  /** Of the draws of loss. */
  readonly seed?: number;
  readonly clock?: Clock;
  /** Where the sockets are bound; an address of this machine that browsers accept as a candidate. */
  readonly address?: string;
}

export class UdpRelay {
  readonly address: string;
  readonly #clock: Clock;
  readonly #paths: Readonly<Record<RelaySide, NetworkPath>>;
  readonly #waiting: { readonly atMs: number; readonly deliver: () => void }[] = [];
  readonly #connections = new Map<string, Promise<RelayedConnection>>();
  readonly #opened: RelayedConnection[] = [];
  #stopTimer: (() => void) | undefined;
  #isClosed = false;

  constructor(conditions: PathConditions = PERFECT_PATH, options: RelayOptions = {}) {
    const { seed = 1, clock = systemClock, address = machineAddress() } = options;
    this.address = address;
    this.#clock = clock;
    // By where they lead.
    this.#paths = { a: new NetworkPath(conditions, seed), b: new NetworkPath(conditions, seed + 1) };
  }

  /** From now on, in both directions; packets on their way are not affected. */
  set conditions(conditions: PathConditions) {
    this.setConditions('a', conditions);
    this.setConditions('b', conditions);
  }

  /** One direction only. @param towards where it leads */
  setConditions(towards: RelaySide, conditions: PathConditions): void {
    this.#paths[towards].conditions = conditions;
  }

  /** In the order in which they were asked for. */
  get connections(): readonly RelayedConnection[] {
    return this.#opened;
  }

  /**
   * The two sockets of one connection; the same ones again for the same name.
   * @param name anything that both sides can make out: see `relay-page.ts`
   */
  connection(name: string): Promise<RelayedConnection> {
    const known = this.#connections.get(name);
    if (known !== undefined) return known;
    const opening = this.#open();
    this.#connections.set(name, opening);
    return opening;
  }

  async #open(): Promise<RelayedConnection> {
    const forward = (towards: RelaySide, packet: Uint8Array, deliver: () => void): void => {
      this.#forward(this.#paths[towards].enter(packet.length, this.#clock.nowMs()), deliver);
    };
    const [towardsA, towardsB] = await Promise.all([bind(this.address), bind(this.address)]);
    const connection = new RelayedConnection({ a: towardsA, b: towardsB }, forward);
    this.#opened.push(connection);
    if (this.#isClosed) connection.close();
    return connection;
  }

  close(): void {
    this.#isClosed = true;
    this.#stopTimer?.();
    this.#waiting.length = 0;
    for (const connection of this.#opened) connection.close();
  }

  #forward(atMs: number | undefined, deliver: () => void): void {
    if (atMs === undefined) return;
    if (this.#waiting.length === 0 && atMs <= this.#clock.nowMs()) return deliver();
    const { length } = this.#waiting;
    let at = length;
    // Each direction is in order already; the two rarely differ by much.
    while (at > 0 && (this.#waiting[at - 1]?.atMs ?? 0) > atMs) at--;
    this.#waiting.splice(at, 0, { atMs, deliver });
    if (at === 0) this.#startTimer();
  }

  #startTimer(): void {
    this.#stopTimer?.();
    const [first] = this.#waiting;
    if (first === undefined) return;
    this.#stopTimer = this.#clock.startTimer(Math.max(0, first.atMs - this.#clock.nowMs()), () => this.#deliverDue());
  }

  #deliverDue(): void {
    const nowMs = this.#clock.nowMs();
    let due = 0;
    // A timer's resolution is a millisecond: half of one early is nearer than half of one late.
    while ((this.#waiting[due]?.atMs ?? Number.POSITIVE_INFINITY) <= nowMs + 0.5) due++;
    for (const { deliver } of this.#waiting.splice(0, due)) deliver();
    this.#startTimer();
  }
}

type Forward = (towards: RelaySide, packet: Uint8Array, deliver: () => void) => void;

/** One connection through the relay. */
export class RelayedConnection {
  /** Nothing of this connection gets through, in either direction. */
  isBlackout = false;
  /** What came out towards each side. */
  readonly deliveredBytes = { a: 0, b: 0 };
  readonly #sockets: Readonly<Record<RelaySide, Socket>>;
  readonly #peers: { a: RemoteInfo | undefined; b: RemoteInfo | undefined } = { a: undefined, b: undefined };
  #isClosed = false;

  constructor(sockets: Readonly<Record<RelaySide, Socket>>, forward: Forward) {
    this.#sockets = sockets;
    for (const side of ['a', 'b'] as const) {
      sockets[side].on('message', (packet, from) => {
        this.#peers[side] = from;
        const other = side === 'a' ? 'b' : 'a';
        if (!this.isBlackout) forward(other, packet, () => this.#deliver(other, packet));
      });
    }
  }

  /** Where this side sends to. */
  portFor(side: RelaySide): number {
    return this.#sockets[side].address().port;
  }

  /** For good; the ports are free again. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const socket of Object.values(this.#sockets)) socket.close();
  }

  #deliver(side: RelaySide, packet: Uint8Array): void {
    const peer = this.#peers[side];
    // Before the other side has sent anything there is nobody to deliver to: checks are repeated.
    if (this.#isClosed || this.isBlackout || peer === undefined) return;
    this.deliveredBytes[side] += packet.length;
    this.#sockets[side].send(packet, peer.port, peer.address);
  }
}

async function bind(address: string): Promise<Socket> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, address, () => {
      socket.off('error', reject);
      resolve();
    });
  });
  socket.setRecvBufferSize(SOCKET_BUFFER_BYTES);
  socket.setSendBufferSize(SOCKET_BUFFER_BYTES);
  // A browser that has closed its socket answers with ICMP "port unreachable": no error of the relay's.
  socket.on('error', () => {});
  return socket;
}

/** An IPv4 address of this machine that is no loopback: browsers leave those out, and so do tickets. */
function machineAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const found = all.find(({ family, internal }) => family === 'IPv4' && !internal);
  if (found === undefined) throw new Error('this machine has no network: no IPv4 address but loopback');
  return found.address;
}
