import type { TransferError } from '../core/errors.ts';
import type { Credentials } from '../core/link/keys.ts';
import type { ApplyAs } from '../core/pairing/pairing.ts';
import type { ConnectionFacts } from '../core/reach/facts.ts';
import type { Candidate } from '../core/sdp/candidate.ts';
import type { Description } from '../core/sdp/description.ts';

/** Makes connections to peers (RTCPeerConnection, RFC 9429): one per code on show, one per standby, one per dial. */
export interface Connector {
  /**
   * A fresh identity (ECDSA P-256) that can be stored; one per pairing, so that no two peers can tell that they know the
   * same device. Rejects with 'webrtc-unavailable'.
   */
  makeCertificate(): Promise<RTCCertificate>;
  /** Does this browser let a page choose its ICE credentials? Tried on a throw-away connection. Never rejects. */
  canDial(): Promise<boolean>;
  /** Throws TransferError 'webrtc-unavailable', origin 'host', where the browser has none or it is switched off. */
  open(options: ConnectionOptions): Connection;
}

export interface ConnectionOptions {
  /** STUN and TURN servers; none means "this network only". */
  readonly iceServers: readonly RTCIceServer[];
  /** What this side is known by. */
  readonly certificate: RTCCertificate;
  /** Gets the two data channels in the task that created them: only then can they be transferred to a worker. */
  readonly takeChannels: (channels: { readonly control: RTCDataChannel; readonly data: RTCDataChannel }) => void;
  /** ICE or DTLS failed for good (`connectionState` 'failed'). At most once, never after `close`. */
  readonly onFailed: (error: TransferError) => void;
  /**
   * The peer's ICE agent has checked us with our credentials, so it has applied our description. At most once. Costs a
   * look at the statistics five times a second: only for who has to know.
   */
  readonly onPeerSeen?: () => void;
}

export interface Connection {
  /**
   * Gathers candidates for 2 s at most and describes this side. Call once.
   * Rejects with 'no-network' when there is no candidate, 'webrtc-unavailable' when the browser refuses.
   */
  describe(): Promise<Description>;
  /** Applies the peer's description as an answer. Rejects with 'description-refused'. */
  apply(theirs: Description, as: ApplyAs): Promise<void>;
  /**
   * Dials a standby of the peer, from these credentials; the peer knows them, so nothing has to travel back. Instead of
   * `describe` and `apply`. Rejects with 'description-refused'.
   */
  dial(theirs: Description, credentials: Credentials): Promise<void>;
  /** Ends the waiting of `activeWhenSeen`: the DTLS handshake starts. Rejects with 'description-refused'. */
  commit(theirs: Description): Promise<void>;
  /**
   * Begins an ICE restart (RFC 8445 §9): gathers anew, and describes this side with its new credentials. The old path
   * carries on. Rejects as `describe` does.
   */
  restart(): Promise<Description>;
  /** The peer's side of it; after `restart`. Rejects with 'description-refused'. */
  applyRestart(theirs: Description): Promise<void>;
  /**
   * Adds remote candidates to those of the description that was applied. One that is there already does no harm; a name
   * is looked up again.
   */
  addCandidates(candidates: readonly Candidate[]): void;
  /** What its statistics say now; also after it has failed. Rejects once it is closed. */
  observe(): Promise<ConnectionFacts>;
  /** False when the browser has ended it, with or without an event: hidden tabs lose their connections. */
  readonly isAlive: boolean;
  /** Idempotent. */
  close(): void;
}
