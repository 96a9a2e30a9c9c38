import { toHex } from '../core/bytes.ts';
import { callCredentials, standbyCredentials, type Credentials } from '../core/link/keys.ts';
import type { Description } from '../core/sdp/description.ts';
import { dummyCandidate } from '../core/pairing/pairing.ts';
import { looksLikeFirefox } from '../core/pairing/role.ts';
import { encodeOpen } from '../core/ticket/ticket.ts';
import type { AnnouncedStandby } from '../core/wire/frames/standby.ts';
import type { Clock } from '../ports/clock.ts';
import type { Connection, Connector } from '../ports/connector.ts';
import type { Random } from '../ports/crypto.ts';
import type { UntrustedPeer } from '../ports/peer-store.ts';
import type { TransferEngine } from '../ports/transfer-engine.ts';
import type { LiveLink } from './live-link.ts';

export interface StandbyPorts {
  readonly connector: Connector;
  readonly engine: TransferEngine;
  readonly clock: Clock;
  readonly random: Random;
}

export interface StandbyOptions {
  readonly live: LiveLink;
  readonly iceServers: () => readonly RTCIceServer[];
  /** What waits has changed, and the peer should know. */
  readonly onChanged: (standbys: readonly AnnouncedStandby[]) => void;
}

/** One to be used, and one that waits while the next is made. */
const COUNT = 2;
/** Firefox fails for good 5 to 11 s after the last new candidate (PAIRING.md §3.1). */
const DUMMY_EVERY_MS = 4_000;
/** A standby that could not be made, or has died: there is no network, say. */
const AGAIN_AFTER_MS = 5_000;

interface Standby {
  readonly id: string;
  readonly linkId: number;
  readonly connection: Connection;
  readonly isCall: boolean;
  /** undefined until it can be dialed. */
  announced: AnnouncedStandby | undefined;
  stopNudging: () => void;
}

interface Wait {
  readonly id: string;
  /** What the one who dials calls itself. */
  readonly dialer: Credentials;
  /** A call: it is shown instead of announced. */
  readonly onReady: ((mine: Description) => void) | undefined;
}

/** My connections that wait to be dialed by one peer. LINK.md §3. */
export class Standbys {
  readonly #ports: StandbyPorts;
  readonly #options: StandbyOptions;
  readonly #standbys = new Map<number, Standby>();
  #peer: UntrustedPeer | undefined;
  #stopRetry = (): void => undefined;

  constructor(ports: StandbyPorts, options: StandbyOptions) {
    this.#ports = ports;
    this.#options = options;
  }

  /** Waits for this peer, and for no other any more. Again, for the same one, makes what is missing. */
  waitFor(peer: UntrustedPeer): void {
    if (this.#peer?.peerId !== peer.peerId) this.stop();
    this.#peer = peer;
    this.#fill();
  }

  /**
   * Waits for an answer to a call (LINK.md §3.1), beside what waits already.
   * @param onReady gets what the call has to say
   */
  call(peer: UntrustedPeer, callId: string, onReady: (mine: Description) => void): void {
    if (this.#peer?.peerId !== peer.peerId) this.stop();
    this.#peer = peer;
    this.#make(peer, { id: callId, dialer: callCredentials(peer.secret, callId), onReady });
  }

  stop(): void {
    this.#peer = undefined;
    this.#stopRetry();
    for (const standby of this.#standbys.values()) this.#drop(standby);
  }

  /** Those that can be dialed now. */
  get announced(): readonly AnnouncedStandby[] {
    return Array.from(this.#standbys.values(), ({ announced }) => announced ?? []).flat();
  }

  /** The peer has dialed this one, and it is open: it is the caller's from now on. */
  take(linkId: number): Connection | undefined {
    const standby = this.#standbys.get(linkId);
    if (standby === undefined) return undefined;
    standby.stopNudging();
    this.#standbys.delete(linkId);
    return standby.connection;
  }

  /** The channels of this connection closed before anybody dialed it. */
  closed(linkId: number): void {
    const standby = this.#standbys.get(linkId);
    if (standby !== undefined) this.#lose(standby);
  }

  #fill(): void {
    const peer = this.#peer;
    if (peer === undefined) return;
    const count = Array.from(this.#standbys.values()).filter(({ isCall }) => !isCall).length;
    for (let missing = COUNT - count; missing > 0; missing--) {
      const id = toHex(this.#ports.random.bytes(16));
      this.#make(peer, { id, dialer: standbyCredentials(peer.secret, id), onReady: undefined });
    }
  }

  #make(peer: UntrustedPeer, wait: Wait): void {
    try {
      const { linkId, connection } = this.#options.live.open({
        iceServers: this.#options.iceServers(),
        certificate: peer.certificate,
        onFailed: (failed) => this.closed(failed),
      });
      const standby: Standby = {
        id: wait.id,
        linkId,
        connection,
        isCall: wait.onReady !== undefined,
        announced: undefined,
        stopNudging: () => undefined,
      };
      this.#standbys.set(linkId, standby);
      this.#ports.engine.post({ type: 'linkPeer', linkId, peerFingerprint: toHex(peer.peerFingerprint) });
      // Without a network, say: there is one again later.
      this.#ready(peer, standby, wait).catch(() => this.#lose(standby));
    } catch {
      this.#retryLater();
    }
  }

  async #ready(peer: UntrustedPeer, standby: Standby, { id, dialer, onReady }: Wait): Promise<void> {
    const { connection, linkId } = standby;
    const mine = await connection.describe();
    const { peerFingerprint: fingerprint, sctpPort, maxMessageSize } = peer;
    await connection.apply({ ...dialer, fingerprint, candidates: [], sctpPort, maxMessageSize }, 'passive');
    if (this.#standbys.get(linkId) !== standby) return;
    if (looksLikeFirefox(mine)) this.#keepAlive(standby, 0);
    if (onReady !== undefined) return onReady(mine);
    standby.announced = { id, ticket: encodeOpen(mine, this.#ports.clock.epochMs()) };
    this.#options.onChanged(this.announced);
  }

  #keepAlive(standby: Standby, count: number): void {
    standby.connection.addCandidates([dummyCandidate(count)]);
    standby.stopNudging = this.#ports.clock.startTimer(DUMMY_EVERY_MS, () => this.#keepAlive(standby, count + 1));
  }

  #lose(standby: Standby): void {
    const wasAnnounced = standby.announced !== undefined;
    if (!this.#standbys.has(standby.linkId)) return;
    this.#drop(standby);
    this.#retryLater();
    if (wasAnnounced) this.#options.onChanged(this.announced);
  }

  #drop(standby: Standby): void {
    standby.stopNudging();
    this.#standbys.delete(standby.linkId);
    this.#ports.engine.post({ type: 'detach', linkId: standby.linkId });
    standby.connection.close();
  }

  #retryLater(): void {
    this.#stopRetry();
    this.#stopRetry = this.#ports.clock.startTimer(AGAIN_AFTER_MS, () => this.#fill());
  }
}
