import type { Bytes } from '../core/bytes.ts';

/** Devices that this one was paired with, as far as they are to be known again (IndexedDB). */
export interface PeerStore {
  /** Adds a peer, or replaces what was known of it. Rejects as storage does: 'storage-failed', 'disk-full'. */
  put(peer: KnownPeer): Promise<void>;
  /** Oldest link first. What cannot be read, or has expired, is deleted and not listed. */
  list(): Promise<readonly KnownPeer[]>;
  delete(peerId: string): Promise<void>;
}

/** One pairing, seen from one of its two devices. */
export interface KnownPeer {
  /** Same on both devices; 32 hex digits. `peerIdOf` in `core/link/keys.ts`. */
  readonly peerId: string;
  /** What this device is known by to that peer, and to no other. */
  readonly certificate: RTCCertificate;
  /** SHA-256 of both certificates, 32 bytes. */
  readonly myFingerprint: Bytes;
  readonly peerFingerprint: Bytes;
  /** 32 bytes. */
  readonly secret: Bytes;
  /** Of the peer's browser (RFC 8841). */
  readonly sctpPort: number;
  readonly maxMessageSize: number;
  /** The peer takes dials that were rewritten; so its own dials work. */
  readonly peerCanDial: boolean;
  /** What waits at the peer, newest list. */
  readonly standbys: readonly StoredStandby[];
  readonly trust: StoredTrust;
  /** Given by the person; empty: none. At most 64 characters. */
  readonly name: string;
  /** The person wants it to be known also when nothing is left to be done. */
  readonly isRemembered: boolean;
  /** The link was up when this was written, and nobody has ended it. */
  readonly wantsLink: boolean;
  /** Unfinished transfers with this peer: it is known at least until they are over. */
  readonly transferIds: readonly string[];
  readonly linkedEpochMs: number;
}

/** Before it is known who is there. */
export type UntrustedPeer = Omit<KnownPeer, 'trust'>;

export interface StoredStandby {
  /** 32 hex digits. */
  readonly id: string;
  /** Encoded (TICKET.md). */
  readonly ticket: Bytes;
}

export type StoredTrust =
  | { readonly state: 'bySight' | 'matched' }
  /** Not compared yet: what both screens show. */
  | { readonly state: 'compare'; readonly signs: readonly number[]; readonly digits: string };
