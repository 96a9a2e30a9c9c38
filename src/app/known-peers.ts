import { signal, type ReadonlySignal } from '@preact/signals';
import type { KnownPeer, PeerStore } from '../ports/peer-store.ts';
import type { TransferLock, TransferLocks } from '../ports/transfer-locks.ts';
import type { KnownPeerView } from './model.ts';

export interface KnownPeersOptions {
  /** The store did not take something: the peer will not be known after a reload. */
  readonly onError: (cause: unknown) => void;
  /** The person has changed what is known of this peer. */
  readonly onChanged: (peer: KnownPeer) => void;
}

const MAX_NAME_CHARACTERS = 64;

/** The list of devices that this one was paired with: as the store has it, and as the person may change it. */
export class KnownPeers {
  readonly #store: PeerStore;
  readonly #locks: TransferLocks;
  readonly #options: KnownPeersOptions;
  readonly #peers = new Map<string, KnownPeer>();
  readonly #views = signal<readonly KnownPeerView[]>([]);
  /** Peers that this tab has, so that no other tab dials them. */
  readonly #held = new Map<string, TransferLock>();
  /** Writes to the store, one after the other. */
  #writing: Promise<void> = Promise.resolve();
  /** Transfers that are not over. */
  #unfinished: ReadonlySet<string> | undefined;

  /** @param locks of peers, not of transfers */
  constructor(store: PeerStore, locks: TransferLocks, options: KnownPeersOptions) {
    this.#store = store;
    this.#locks = locks;
    this.#options = options;
  }

  /** Newest link first. */
  get views(): ReadonlySignal<readonly KnownPeerView[]> {
    return this.#views;
  }

  /** Oldest link first. */
  get all(): readonly KnownPeer[] {
    return [...this.#peers.values()].toSorted((a, b) => a.linkedEpochMs - b.linkedEpochMs);
  }

  get(peerId: string): KnownPeer | undefined {
    return this.#peers.get(peerId);
  }

  /** What the store knows, once, at start. Never rejects. */
  async load(): Promise<void> {
    try {
      for (const peer of await this.#store.list())
        if (!this.#peers.has(peer.peerId)) this.#peers.set(peer.peerId, peer);
    } catch (cause) {
      this.#options.onError(cause);
    }
    this.#publish();
  }

  /** @returns false where another tab has this peer */
  async claim(peerId: string): Promise<boolean> {
    if (this.#held.has(peerId)) return true;
    const lock = await this.#locks.tryTake(peerId);
    if (lock !== undefined) this.#held.set(peerId, lock);
    return lock !== undefined;
  }

  /** A new one, which no other tab can have. */
  take(peerId: string): void {
    this.claim(peerId).catch(this.#options.onError);
  }

  /** Waits until no other tab has this peer. @returns what is known of it by then; undefined: nothing any more */
  async claimWhenFree(peerId: string): Promise<KnownPeer | undefined> {
    const lock = await this.#locks.takeWhenFree(peerId);
    this.#held.set(peerId, lock);
    const peer = (await this.#store.list()).find((one) => one.peerId === peerId);
    if (peer === undefined) {
      this.#peers.delete(peerId);
      this.#letGo(peerId);
    } else this.#peers.set(peerId, peer);
    this.#publish();
    return peer;
  }

  put(peer: KnownPeer): void {
    this.#peers.set(peer.peerId, peer);
    this.#write(() => this.#store.put(peer));
    this.#publish();
  }

  forget(peerId: string): void {
    this.#peers.delete(peerId);
    this.#write(() => this.#store.delete(peerId));
    this.#letGo(peerId);
    this.#publish();
  }

  /** This tab has nothing to do with the peer any more. */
  released(peerId: string): void {
    this.#letGo(peerId);
    this.#forgetIfOver(peerId);
  }

  rename(peerId: string, name: string): void {
    this.#change(peerId, { name: name.trim().slice(0, MAX_NAME_CHARACTERS) });
  }

  setRemembered(peerId: string, isRemembered: boolean): void {
    this.#change(peerId, { isRemembered });
  }

  /**
   * @param unfinished every transfer that is not over
   * @param ofLink those of them that go over the link to `current`
   */
  transfersAre(unfinished: ReadonlySet<string>, ofLink: readonly string[], current: string | undefined): void {
    this.#unfinished = unfinished;
    for (const peer of this.all) {
      const added = peer.peerId === current ? ofLink : [];
      const ids = [...new Set([...peer.transferIds, ...added])].filter((id) => unfinished.has(id));
      if (ids.length !== peer.transferIds.length || ids.some((id) => !peer.transferIds.includes(id))) {
        this.#change(peer.peerId, { transferIds: ids });
      }
      if (peer.peerId !== current) this.#forgetIfOver(peer.peerId);
    }
  }

  /** Without "remember", nothing is kept of a peer when nothing is left to be done with it. */
  #forgetIfOver(peerId: string): void {
    const peer = this.#peers.get(peerId);
    if (peer === undefined || peer.isRemembered || peer.wantsLink || this.#unfinished === undefined) return;
    if (!peer.transferIds.some((id) => this.#unfinished?.has(id))) this.forget(peerId);
  }

  #change(peerId: string, change: Partial<KnownPeer>): void {
    const peer = this.#peers.get(peerId);
    if (peer === undefined) return;
    const changed = { ...peer, ...change };
    this.put(changed);
    this.#options.onChanged(changed);
  }

  #letGo(peerId: string): void {
    const lock = this.#held.get(peerId);
    this.#held.delete(peerId);
    lock?.release().catch(this.#options.onError);
  }

  #write(write: () => Promise<void>): void {
    this.#writing = this.#writing.then(write).catch(this.#options.onError);
  }

  #publish(): void {
    this.#views.value = this.all
      .toReversed()
      .map(({ peerId, name, isRemembered, linkedEpochMs, transferIds, trust }) => ({
        id: peerId,
        name,
        isRemembered,
        linkedEpochMs,
        unfinishedCount: transferIds.length,
        isVerified: trust.state !== 'compare',
      }));
  }
}
