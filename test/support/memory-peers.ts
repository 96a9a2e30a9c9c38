import type { KnownPeer, PeerStore } from '../../src/ports/peer-store.ts';

/** Of one browser; `MemoryPeers` objects that share a map are its tabs, or the page before and after a reload. */
export class MemoryPeers implements PeerStore {
  readonly #peers: Map<string, KnownPeer>;
  readonly #epochMs: () => number;

  constructor(epochMs: () => number, peers = new Map<string, KnownPeer>()) {
    this.#peers = peers;
    this.#epochMs = epochMs;
  }

  async put(peer: KnownPeer): Promise<void> {
    this.#peers.set(peer.peerId, peer);
  }

  async list(): Promise<readonly KnownPeer[]> {
    for (const [id, { certificate }] of this.#peers) if (certificate.expires <= this.#epochMs()) this.#peers.delete(id);
    return [...this.#peers.values()].toSorted((a, b) => a.linkedEpochMs - b.linkedEpochMs);
  }

  async delete(peerId: string): Promise<void> {
    this.#peers.delete(peerId);
  }
}
