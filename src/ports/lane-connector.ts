import type { DtlsRole } from '../core/pairing/role.ts';
import type { Description } from '../core/sdp/description.ts';

/** Makes further connections of a link that is up. They need no code: their descriptions travel over the link. */
export interface LaneConnector {
  /** Throws TransferError 'webrtc-unavailable', origin 'host', where the browser refuses one more connection. */
  open(options: LaneOptions): LaneConnection;
}

export interface LaneOptions {
  /** STUN and TURN servers; none means "this network only". */
  readonly iceServers: readonly RTCIceServer[];
  /** Gets the data channel in the task that created it: only then can it be transferred to a worker. */
  readonly takeChannel: (data: RTCDataChannel) => void;
  /** ICE or DTLS failed for good. At most once, never after `close`. */
  readonly onFailed: () => void;
}

export interface LaneConnection {
  /** Gathers candidates and describes this side. Call once. Rejects with 'no-network' or 'webrtc-unavailable'. */
  describe(): Promise<Description>;
  /** Applies the peer's description as an answer. @param as our own DTLS role. Rejects with 'description-refused'. */
  apply(theirs: Description, as: DtlsRole): Promise<void>;
  /** Idempotent. */
  close(): void;
}
