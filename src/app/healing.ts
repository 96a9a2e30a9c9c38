import { compareBytes, toHex, type Bytes } from '../core/bytes.ts';
import { TransferError } from '../core/errors.ts';
import { Healer, type HealerInput, type HealerOutput, type HealerState } from '../core/link/healer.ts';
import {
  callCredentials,
  callIdOf,
  KEY_NONCE_BYTES,
  knownToken,
  peerIdOf,
  sharedSecret,
  standbyCredentials,
  type Credentials,
  type KeyPart,
} from '../core/link/keys.ts';
import { isMdnsName } from '../core/sdp/address.ts';
import type { Candidate } from '../core/sdp/candidate.ts';
import type { Description } from '../core/sdp/description.ts';
import { minuteOf, tryDecodeTicket, type CallTicket } from '../core/ticket/ticket.ts';
import type { HealingFrame } from '../core/wire/control-frame.ts';
import { CAN_DIAL } from '../core/wire/frames/key.ts';
import type { StandbyList } from '../core/wire/frames/standby.ts';
import { MAX_KNOWN_TOKENS } from '../core/wire/limits.ts';
import type { Connection } from '../ports/connector.ts';
import type { KnownPeer, StoredTrust, UntrustedPeer } from '../ports/peer-store.ts';
import type { KnownPeers } from './known-peers.ts';
import { IceRestarts } from './ice-restarts.ts';
import type { LiveLink } from './live-link.ts';
import type { Paired } from './pairing-driver.ts';
import { Standbys, type StandbyPorts } from './standbys.ts';

const NUDGE_DIAL_EVERY_MS = 1_000;

export interface HealingOptions {
  readonly live: LiveLink;
  readonly peers: KnownPeers;
  readonly iceServers: () => readonly RTCIceServer[];
  /** The link to the current peer came, went, is being brought back. */
  readonly onState: (state: HealerState) => void;
  /** It came back: this is what was known of who is there. */
  readonly onHealed: (trust: StoredTrust) => void;
  /** The peer has ended the link on purpose. */
  readonly onEnded: () => void;
}

/** What was drawn for the KEY frames of a link, until both are there. */
interface Greeting {
  readonly paired: Paired;
  readonly mine: KeyPart;
  /** Theirs; undefined until it came. */
  theirs: KeyPart | undefined;
}

interface Target {
  readonly standbyId: string;
  readonly description: Description;
  readonly credentials: Credentials;
}

interface Dial {
  readonly linkId: number;
  readonly connection: Connection;
  readonly standbyId: string;
}

/**
 * Keeps the link to one peer: agrees on what brings it back, keeps connections waiting at this side, and dials those of
 * the peer when the link is gone. LINK.md.
 */
export class Healing {
  readonly #ports: StandbyPorts;
  readonly #options: HealingOptions;
  readonly #standbys: Standbys;
  readonly #canDial: Promise<boolean>;
  /** What came of it; until then nothing can be lost. */
  #dials = false;
  readonly #restarts: IceRestarts;
  #greeting: Greeting | undefined;
  #peer: UntrustedPeer | undefined;
  /** Of a peer that is not written down before this is known. */
  #trust: StoredTrust | undefined;
  #healer: Healer | undefined;
  /** Of the call that is on show. */
  #callId: string | undefined;
  /** A call of the peer, that was read. */
  #answering: CallTicket | undefined;
  #dial: Dial | undefined;
  /** Counts dials, and hanging up. */
  #attempt = 0;
  #stopTimer = (): void => undefined;

  constructor(ports: StandbyPorts, options: HealingOptions) {
    this.#ports = ports;
    this.#options = options;
    this.#canDial = ports.connector.canDial().then((canDial) => {
      this.#dials = canDial;
      return canDial;
    });
    this.#restarts = new IceRestarts(ports.clock, options.live, (frame) => this.#send(frame));
    this.#standbys = new Standbys(ports, {
      live: options.live,
      iceServers: options.iceServers,
      onChanged: (standbys) => this.#send({ name: 'standby', standbys }),
    });
  }

  /** The peer whose link this is about; undefined: none, or one that cannot be brought back. */
  get peer(): UntrustedPeer | undefined {
    return this.#peer;
  }

  /** A pairing has succeeded: what there was before is over. */
  async paired(paired: Paired, canHeal: boolean): Promise<void> {
    this.#leave();
    this.#restarts.linked(canHeal ? paired.theirs.fingerprint : undefined);
    this.#trust = undefined;
    if (!canHeal) return;
    const mine = { fingerprint: paired.mine.fingerprint, nonce: this.#ports.random.bytes(KEY_NONCE_BYTES) };
    const greeting: Greeting = { paired, mine, theirs: undefined };
    this.#greeting = greeting;
    const flags = (await this.#canDial) ? CAN_DIAL : 0;
    if (this.#greeting === greeting) this.#send({ name: 'key', nonce: mine.nonce, flags });
  }

  /** Without it a known peer can only be waited for, and a page that was just loaded has nothing that waits. */
  canDial(): Promise<boolean> {
    return this.#canDial;
  }

  /**
   * Looks for a peer of before: the page was loaded, or the person wants it.
   * @param call that was read from it: that is dialed, instead of what used to wait
   */
  look(peer: KnownPeer, call?: CallTicket): void {
    this.#takeUp(peer);
    this.#answering = call;
    this.#tell({ type: 'look' });
  }

  /** Waits for this peer to answer a call. @param onReady gets the call, to be shown */
  call(peer: KnownPeer, onReady: (call: CallTicket) => void): void {
    this.#takeUp(peer);
    const callId = callIdOf(peer.secret, this.#ports.random.bytes(4));
    this.#callId = callId;
    this.#standbys.call(peer, callId, (mine) => {
      const { fingerprint: _, ...description } = mine;
      const createdMinute = minuteOf(this.#ports.clock.epochMs());
      if (this.#callId === callId) onReady({ kind: 'call', callId, createdMinute, description });
    });
  }

  /** My own call, that is on show. */
  isMine({ callId }: CallTicket): boolean {
    return callId === this.#callId;
  }

  #takeUp(peer: KnownPeer): void {
    this.#leave();
    this.#peer = peer;
    this.#trust = peer.trust;
    this.#begin(peer);
  }

  /** Is this one of the connections that wait, or a dial? Then it carries the link from now on. */
  linkOpened(linkId: number): boolean {
    const connection = this.#dial?.linkId === linkId ? this.#dial.connection : this.#standbys.take(linkId);
    if (connection === undefined || this.#peer === undefined) return false;
    if (this.#dial?.linkId === linkId) {
      const { standbyId } = this.#dial;
      this.#dial = undefined;
      this.#update({ standbys: this.#peer.standbys.filter(({ id }) => id !== standbyId) });
    }
    this.#callId = undefined;
    this.#answering = undefined;
    this.#options.live.adopt(linkId, connection);
    this.#restarts.linked(this.#peer.peerFingerprint);
    this.#update({ linkedEpochMs: this.#ports.clock.epochMs(), wantsLink: true });
    this.#tell({ type: 'linked' });
    if (this.#trust !== undefined) this.#options.onHealed(this.#trust);
    this.#announce();
    return true;
  }

  /** A connection closed that does not carry the link. */
  connectionClosed(linkId: number): void {
    this.#standbys.closed(linkId);
    if (this.#dial?.linkId === linkId) this.#hangUp();
  }

  /** The link ended, and nobody meant it to. @returns false where it cannot be brought back */
  lost(): boolean {
    this.#greeting = undefined;
    const peer = this.#peer;
    if (this.#healer === undefined || peer === undefined) return false;
    if (!peer.peerCanDial && !(this.#dials && peer.standbys.length > 0)) {
      this.#leave();
      return false;
    }
    this.#tell({ type: 'lost' });
    return true;
  }

  /** A living link looks for a new path; a lost one is dialed at once. */
  networkChanged(): void {
    this.#restarts.begin();
    this.#tell({ type: 'wake' });
  }

  /** Goes to the machine as it is. */
  tell(input: Extract<HealerInput, { type: 'silent' | 'heard' | 'wake' }>): void {
    const wasLost = this.#healer?.state === 'lost';
    this.#tell(input);
    const isBack = wasLost && this.#healer?.state === 'linked';
    if (isBack && this.#trust !== undefined) this.#options.onHealed(this.#trust);
  }

  /** The person ended it, here. */
  end(): void {
    if (this.#peer !== undefined) this.#update({ wantsLink: false });
    this.#leave();
  }

  /** Nobody was found; it may be looked for again. */
  letGo(): void {
    this.#leave();
  }

  /** This page goes away, and may come back. */
  leaving(): void {
    this.#send({ name: 'bye', reason: 'leaving' });
  }

  /** Who is there is known now, or better than before. */
  trusted(trust: StoredTrust): void {
    this.#trust = trust;
    this.#update({});
  }

  heard(linkId: number, frame: HealingFrame): void {
    if (this.#options.live.linkId !== linkId) return;
    switch (frame.name) {
      case 'key':
        return this.#keyCame(frame.nonce, (frame.flags & CAN_DIAL) !== 0);
      case 'standby':
        return this.#standbysCame(frame);
      case 'known':
        return this.#knownCame(frame.tokens);
      case 'bye':
        if (frame.reason === 'leaving') return this.#tell({ type: 'peerLeft' });
        this.end();
        return this.#options.onEnded();
      case 'restart':
        return this.#restarts.heard(frame);
      default:
        frame satisfies never;
    }
  }

  #keyCame(nonce: Bytes, peerCanDial: boolean): void {
    const greeting = this.#greeting;
    if (greeting === undefined || greeting.theirs !== undefined) return;
    const { certificate, mine, theirs } = greeting.paired;
    greeting.theirs = { fingerprint: theirs.fingerprint, nonce };
    const secret = sharedSecret(greeting.mine, greeting.theirs);
    const peer: UntrustedPeer = {
      peerId: peerIdOf(secret),
      certificate,
      myFingerprint: mine.fingerprint,
      peerFingerprint: theirs.fingerprint,
      secret,
      sctpPort: theirs.sctpPort,
      maxMessageSize: theirs.maxMessageSize,
      peerCanDial,
      standbys: [],
      name: '',
      isRemembered: false,
      wantsLink: true,
      transferIds: [],
      linkedEpochMs: this.#ports.clock.epochMs(),
    };
    this.#peer = peer;
    this.#options.peers.take(peer.peerId);
    this.#begin(peer);
    this.#tell({ type: 'linked' });
    this.#update({});
    this.#sendKnown(greeting.mine, greeting.theirs);
    this.#announce();
  }

  #sendKnown(mine: KeyPart, theirs: KeyPart): void {
    const others = this.#options.peers.all.slice(-MAX_KNOWN_TOKENS);
    const tokens = others.map(({ secret }) => knownToken(secret, mine, theirs));
    if (tokens.length > 0) this.#send({ name: 'known', tokens });
  }

  /** A device that was paired before, and now once more: it keeps its name. */
  #knownCame(tokens: readonly string[]): void {
    const { mine, theirs } = this.#greeting ?? {};
    const peer = this.#peer;
    if (mine === undefined || theirs === undefined || peer === undefined) return;
    const wanted = new Set(tokens);
    const before = this.#options.peers.all.filter(
      ({ peerId, secret }) => peerId !== peer.peerId && wanted.has(knownToken(secret, theirs, mine)),
    );
    const named = before.findLast(({ name }) => name !== '');
    this.#update({
      name: peer.name || (named?.name ?? ''),
      isRemembered: peer.isRemembered || before.some(({ isRemembered }) => isRemembered),
      transferIds: [...new Set([...peer.transferIds, ...before.flatMap(({ transferIds }) => transferIds)])],
    });
    for (const { peerId } of before) this.#options.peers.forget(peerId);
  }

  /** Tickets that cannot be read are of a newer version, or nonsense: there is nothing to be dialed then. */
  #standbysCame({ standbys }: StandbyList): void {
    if (this.#peer === undefined) return;
    this.#update({ standbys: standbys.filter(({ ticket }) => tryDecodeTicket(ticket) !== undefined) });
  }

  /** Makes what is missing, and tells of it. */
  #announce(): void {
    if (this.#peer?.peerCanDial !== true) return;
    this.#send({ name: 'standby', standbys: this.#standbys.announced });
    this.#standbys.waitFor(this.#peer);
  }

  #begin(peer: UntrustedPeer): void {
    this.#healer = new Healer({ dialsFirst: compareBytes(peer.myFingerprint, peer.peerFingerprint) < 0 });
  }

  /** Lets go of the peer; it stays known as far as it is to be. */
  #leave(): void {
    this.#tell({ type: 'ended' });
    this.#stopTimer();
    this.#hangUpQuietly();
    this.#standbys.stop();
    this.#callId = undefined;
    this.#answering = undefined;
    this.#greeting = undefined;
    this.#healer = undefined;
    const peer = this.#peer;
    this.#peer = undefined;
    if (peer !== undefined) this.#options.peers.released(peer.peerId);
  }

  #tell(input: HealerInput): void {
    const healer = this.#healer;
    if (healer === undefined) return;
    healer.handle(input, this.#ports.clock.nowMs());
    for (let output = healer.poll(); output !== undefined; output = healer.poll()) this.#act(output);
    this.#stopTimer();
    const deadlineMs = this.#healer?.deadlineMs();
    if (deadlineMs === undefined) return;
    const delayMs = Math.max(0, deadlineMs - this.#ports.clock.nowMs());
    this.#stopTimer = this.#ports.clock.startTimer(delayMs, () => this.#tell({ type: 'timeout' }));
  }

  #act(output: HealerOutput): void {
    switch (output.type) {
      case 'dial':
        this.#startDial().catch(() => this.#hangUp());
        return;
      case 'hangUp':
        return this.#hangUpQuietly();
      case 'changed':
        return this.#options.onState(output.state);
      default:
        output satisfies never;
    }
  }

  async #startDial(): Promise<void> {
    const attempt = ++this.#attempt;
    const canDial = await this.#canDial;
    const peer = this.#peer;
    // Hung up meanwhile.
    if (peer === undefined || attempt !== this.#attempt) return;
    const target = this.#target(peer, attempt);
    if (target === undefined || !canDial) throw new TransferError('link-lost', 'host', 'there is nothing to be dialed');
    const { linkId, connection } = this.#options.live.open({
      iceServers: this.#options.iceServers(),
      certificate: peer.certificate,
      onFailed: (failed) => this.connectionClosed(failed),
    });
    this.#dial = { linkId, connection, standbyId: target.standbyId };
    this.#ports.engine.post({ type: 'linkPeer', linkId, peerFingerprint: toHex(peer.peerFingerprint) });
    await connection.dial(target.description, target.credentials);
    this.#nudge(
      linkId,
      target.description.candidates.filter(({ address }) => isMdnsName(address)),
    );
    // A page that was loaded again has none yet; made now, they can be announced as soon as the link is there.
    if (this.#peer?.peerId === peer.peerId && peer.peerCanDial) this.#standbys.waitFor(this.#peer);
  }

  /** A name that was looked up in vain is not looked up again by itself (PAIRING.md §3.1). */
  #nudge(linkId: number, names: readonly Candidate[]): void {
    if (names.length === 0) return;
    this.#ports.clock.startTimer(NUDGE_DIAL_EVERY_MS, () => {
      if (this.#dial?.linkId !== linkId) return;
      this.#dial.connection.addCandidates(names);
      this.#nudge(linkId, names);
    });
  }

  #target({ secret, peerFingerprint, standbys }: UntrustedPeer, attempt: number): Target | undefined {
    const call = this.#answering;
    if (call !== undefined) {
      const { callId, description } = call;
      const credentials = callCredentials(secret, callId);
      return { standbyId: callId, description: { ...description, fingerprint: peerFingerprint }, credentials };
    }
    const standby = standbys[attempt % Math.max(1, standbys.length)];
    const description = standby && tryDecodeTicket(standby.ticket)?.description;
    if (standby === undefined || description === undefined) return undefined;
    return { standbyId: standby.id, description, credentials: standbyCredentials(secret, standby.id) };
  }

  #hangUp(): void {
    this.#hangUpQuietly();
    this.#tell({ type: 'dialFailed' });
  }

  #hangUpQuietly(): void {
    const dial = this.#dial;
    this.#dial = undefined;
    this.#attempt++;
    if (dial === undefined) return;
    this.#ports.engine.post({ type: 'detach', linkId: dial.linkId });
    dial.connection.close();
  }

  #update(change: Partial<UntrustedPeer>): void {
    if (this.#peer === undefined) return;
    this.#peer = { ...this.#peer, ...change };
    // Not before it is known who is there.
    if (this.#trust !== undefined) this.#options.peers.put({ ...this.#peer, trust: this.#trust });
  }

  #send(frame: HealingFrame): void {
    const { linkId } = this.#options.live;
    if (linkId !== undefined) this.#ports.engine.post({ type: 'pageFrame', linkId, frame });
  }

  /** The person renamed the current peer, or wants it remembered. */
  changed(peer: KnownPeer): void {
    if (peer.peerId !== this.#peer?.peerId) return;
    const { name, isRemembered, transferIds } = peer;
    this.#peer = { ...this.#peer, name, isRemembered, transferIds };
  }
}
