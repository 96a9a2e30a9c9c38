import { signal, type ReadonlySignal } from '@preact/signals';
import { TransferError } from '../core/errors.ts';
import type { HealerState } from '../core/link/healer.ts';
import type { HealingFrame } from '../core/wire/control-frame.ts';
import { isCallOf } from '../core/link/keys.ts';
import { fitTicket } from '../core/ticket/fitting.ts';
import { ticketDigits, ticketLink, ticketText } from '../core/ticket/text.ts';
import { encodeTicket, type CallTicket } from '../core/ticket/ticket.ts';
import { CAPABILITY } from '../core/wire/limits.ts';
import type { PeerStore, StoredTrust } from '../ports/peer-store.ts';
import type { QrEncoder } from '../ports/qr-encoder.ts';
import type { TransferLocks } from '../ports/transfer-locks.ts';
import { Healing } from './healing.ts';
import { KnownPeers } from './known-peers.ts';
import { LiveLink } from './live-link.ts';
import type { CallView, Commands, InfoMessage, LinkView } from './model.ts';
import { asTransferError, type Paired } from './pairing-driver.ts';
import type { StandbyPorts } from './standbys.ts';

export interface LinkPorts extends StandbyPorts {
  readonly qrEncoder: QrEncoder;
  readonly peers: PeerStore;
  /** Of peers: one tab at a time keeps the link to one. */
  readonly peerLocks: TransferLocks;
}

export interface LinkOptions {
  readonly iceServers: () => readonly RTCIceServer[];
  readonly isPairing: () => boolean;
  /** What links in codes start with; no fragment. */
  readonly baseUrl: string;
  readonly copy: (text: string, message: InfoMessage) => void;
  readonly complain: (error: TransferError) => void;
  readonly say: (message: InfoMessage) => void;
  /** The link to a known peer is back. @param isFirst there was none yet since the page was loaded */
  readonly onHealed: (trust: StoredTrust, isFirst: boolean) => void;
  /** There is no link any more, and nothing that brings it back by itself. */
  readonly onGone: () => void;
}

type LinkCommands = Pick<
  Commands,
  | 'callPeer'
  | 'stopCall'
  | 'copyCall'
  | 'connectPeer'
  | 'stopReconnecting'
  | 'rememberPeer'
  | 'renamePeer'
  | 'forgetPeer'
>;

/** A page that is opened later than this after its last link does not dial by itself. */
const COME_BACK_WITHIN_MS = 24 * 3600 * 1000;

/** The link as the person sees it, from pairing to good-bye, with everything that brings it back. */
export class LinkKeeper {
  readonly live: LiveLink;
  readonly known: KnownPeers;
  readonly #options: LinkOptions;
  readonly #healing: Healing;
  readonly #view = signal<LinkView>('none');
  readonly #peerId = signal<string | undefined>(undefined);
  readonly #call = signal<CallView | undefined>(undefined);
  readonly #qrEncoder: QrEncoder;
  #newlyPaired: Paired | undefined;
  /** A known peer is looked for that there was no link to yet since the page was loaded. */
  #looking: 'byItself' | 'asked' | undefined;

  constructor(ports: LinkPorts, options: LinkOptions) {
    this.#options = options;
    this.#qrEncoder = ports.qrEncoder;
    this.live = new LiveLink(ports, (linkId) => this.failed(linkId));
    this.known = new KnownPeers(ports.peers, ports.peerLocks, {
      onError: (cause) => options.complain(asTransferError(cause)),
      onChanged: (peer) => this.#healing.changed(peer),
    });
    this.#healing = new Healing(ports, {
      live: this.live,
      peers: this.known,
      iceServers: options.iceServers,
      onState: (state) => this.#healerIs(state),
      onHealed: (trust) => this.#healed(trust),
      onEnded: () => {
        this.live.end();
        this.#gone('lost');
        options.say('peer-disconnected');
      },
    });
  }

  get view(): ReadonlySignal<LinkView> {
    return this.#view;
  }

  /** The peer that the link is to, was to, or is looked for; undefined where nothing brings it back. */
  get peerId(): ReadonlySignal<string | undefined> {
    return this.#peerId;
  }

  /** Where the link was up when the page went away, it is brought back. */
  async comeBack(nowEpochMs: number): Promise<void> {
    await this.known.load();
    const sinceMs = nowEpochMs - COME_BACK_WITHIN_MS;
    const wanted = this.known.all.findLast(({ wantsLink, linkedEpochMs }) => wantsLink && linkedEpochMs > sinceMs);
    if (wanted === undefined || this.#view.value !== 'none') return;
    if (await this.known.claim(wanted.peerId)) return this.#look(wanted.peerId, 'byItself');
    // Another tab has it; when that is closed, this one takes over.
    const peer = await this.known.claimWhenFree(wanted.peerId);
    if (peer?.wantsLink === true) return this.#look(peer.peerId, 'byItself');
    this.known.released(wanted.peerId);
  }

  get call(): ReadonlySignal<CallView | undefined> {
    return this.#call;
  }

  /** A call was read: its maker is dialed, if this device knows it. */
  answer(call: CallTicket): void {
    const { complain } = this.#options;
    if (this.#healing.isMine(call)) {
      return complain(new TransferError('own-ticket', 'remote', 'the call is my own'));
    }
    const peer = this.known.all.find(({ secret }) => isCallOf(secret, call.callId));
    if (peer === undefined) {
      return complain(new TransferError('call-for-other', 'remote', `no known peer has made call ${call.callId}`));
    }
    // The camera sees it again and again.
    if (this.#looking === 'asked' && this.#peerId.value === peer.peerId) return;
    this.#dialFor(peer.peerId, call).catch((cause: unknown) => complain(asTransferError(cause)));
  }

  async #dialFor(peerId: string, call: CallTicket): Promise<void> {
    const { complain, say } = this.#options;
    if (!(await this.known.claim(peerId))) {
      return complain(new TransferError('peer-elsewhere', 'host', `another tab has peer ${peerId}`));
    }
    const peer = this.known.get(peerId);
    if (peer === undefined || !(await this.#healing.canDial())) return say('peer-not-found');
    this.#call.value = undefined;
    this.#looking = 'asked';
    this.#healing.look(peer, call);
  }

  async #showCall(peerId: string): Promise<void> {
    if (!(await this.known.claim(peerId))) {
      return this.#options.complain(new TransferError('peer-elsewhere', 'host', `another tab has peer ${peerId}`));
    }
    const peer = this.known.get(peerId);
    if (peer === undefined) return;
    this.#call.value = { peerId, code: undefined };
    this.#healing.call(peer, (call) => {
      const bytes = encodeTicket(fitTicket(call));
      const { baseUrl } = this.#options;
      const code = {
        link: ticketLink(baseUrl, bytes),
        text: ticketText(bytes),
        qr: this.#qrEncoder.encode(`${baseUrl}#`, ticketDigits(bytes)),
        sizeBytes: bytes.length,
      };
      this.#call.value = { peerId, code };
    });
  }

  #stopCall(): void {
    if (this.#call.value === undefined) return;
    this.#call.value = undefined;
    this.#healing.letGo();
  }

  /** A pairing has opened its link; `opened` follows. */
  paired(paired: Paired): void {
    this.#newlyPaired = paired;
  }

  /** The engine says that the link that was just paired is ready. */
  pairingOpened(capabilities: number): void {
    const paired = this.#newlyPaired;
    this.#newlyPaired = undefined;
    this.#looking = undefined;
    this.#call.value = undefined;
    if (paired !== undefined) {
      this.#healing.paired(paired, (capabilities & CAPABILITY.healing) !== 0).catch((cause: unknown) => {
        this.#options.complain(asTransferError(cause));
      });
    }
    this.#view.value = 'connected';
    this.#peerId.value = undefined;
  }

  /** The engine says that another connection is ready: one that waited, or a dial. */
  opened(linkId: number): void {
    this.#healing.linkOpened(linkId);
  }

  /** The engine says that the channels of a connection closed. @param error what was found wrong with it */
  closed(linkId: number, error: TransferError | undefined): void {
    this.#healing.connectionClosed(linkId);
    if (!this.live.closed(linkId)) return;
    // What was wrong with this one would be wrong with the next.
    if (error === undefined || error.code === 'link-lost') return this.#lost();
    this.#healing.end();
    this.#gone('lost');
    this.#options.complain(error);
  }

  /** The browser says that the link's connection failed; its channels may not know it yet. */
  failed(linkId: number): void {
    if (this.live.closed(linkId)) this.#lost();
  }

  tell(type: 'silent' | 'heard' | 'wake'): void {
    this.#healing.tell({ type });
  }

  heard(linkId: number, frame: HealingFrame): void {
    this.#healing.heard(linkId, frame);
  }

  trusted(trust: StoredTrust): void {
    this.#healing.trusted(trust);
  }

  /** Ends the link for a reason that both sides should hear. */
  refuse(error: TransferError): void {
    const refused = this.#healing.peer?.peerId;
    this.#healing.end();
    if (refused !== undefined) this.known.forget(refused);
    this.live.end(error);
    this.#gone('none');
  }

  networkChanged(): void {
    this.#healing.networkChanged();
  }

  leaving(): void {
    this.#healing.leaving();
  }

  get commands(): LinkCommands {
    return {
      callPeer: (peerId) => {
        this.#showCall(peerId).catch((cause: unknown) => this.#options.complain(asTransferError(cause)));
      },
      stopCall: () => this.#stopCall(),
      copyCall: () => {
        const code = this.#call.value?.code;
        if (code !== undefined) this.#options.copy(code.link, 'code-copied');
      },
      connectPeer: (peerId) => {
        this.#stopCall();
        this.#look(peerId, 'asked').catch((cause: unknown) => this.#options.complain(asTransferError(cause)));
      },
      stopReconnecting: () => this.end(),
      rememberPeer: (peerId, isRemembered) => this.known.setRemembered(peerId, isRemembered),
      renamePeer: (peerId, name) => this.known.rename(peerId, name),
      forgetPeer: (peerId) => {
        this.#stopCall();
        if (peerId === this.#healing.peer?.peerId) this.#healing.end();
        this.known.forget(peerId);
        this.#peerId.value = this.#healing.peer?.peerId;
      },
    };
  }

  /** The person wants no link any more. */
  end(): void {
    this.#looking = undefined;
    this.live.end();
    this.#healing.end();
    this.#gone('none');
  }

  async #look(peerId: string, why: 'byItself' | 'asked'): Promise<void> {
    const { isPairing, complain, say } = this.#options;
    const isFree = (): boolean =>
      this.#view.value !== 'connected' && this.#view.value !== 'reconnecting' && !isPairing();
    if (!(await this.known.claim(peerId))) {
      if (why === 'asked') complain(new TransferError('peer-elsewhere', 'host', `another tab has peer ${peerId}`));
      return;
    }
    const canDial = await this.#healing.canDial();
    const peer = this.known.get(peerId);
    if (peer === undefined || !isFree() || !canDial) {
      this.known.released(peerId);
      if (why === 'asked') say('peer-not-found');
      return;
    }
    this.#looking = why;
    this.#healing.look(peer);
  }

  #healed(trust: StoredTrust): void {
    const isFirst = this.#looking !== undefined || this.#call.value !== undefined;
    this.#looking = undefined;
    this.#call.value = undefined;
    this.#options.onHealed(trust, isFirst);
  }

  #lost(): void {
    if (!this.#healing.lost()) this.#gone('lost');
  }

  #healerIs(state: HealerState): void {
    this.#peerId.value = this.#healing.peer?.peerId;
    switch (state) {
      case 'linked':
        this.#view.value = 'connected';
        return;
      case 'silent':
      case 'reconnecting':
        this.#view.value = 'reconnecting';
        return;
      case 'lost':
        return this.#inVain();
      case 'idle':
        return;
      default:
        state satisfies never;
    }
  }

  /** A page that was loaded anew and finds nobody is as any other that was just opened. */
  #inVain(): void {
    const looking = this.#looking;
    this.#looking = undefined;
    if (looking === undefined) return this.#gone('lost');
    this.#healing.letGo();
    this.#gone('none');
    if (looking === 'asked') this.#options.say('peer-not-found');
  }

  #gone(view: 'none' | 'lost'): void {
    this.#view.value = view;
    this.#peerId.value = this.#healing.peer?.peerId;
    this.#options.onGone();
  }
}
