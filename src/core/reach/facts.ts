import type { CandidateType } from '../sdp/candidate.ts';

/** What a browser's statistics say about one connection, in the words of W3C webrtc-stats, as far as both engines do. */
export interface ConnectionFacts {
  readonly iceState: 'new' | 'checking' | 'connected' | 'completed' | 'disconnected' | 'failed' | 'closed';
  /** undefined where the browser has no transport yet, or does not say. */
  readonly dtlsState: 'new' | 'connecting' | 'connected' | 'closed' | 'failed' | undefined;
  readonly locals: readonly SeenCandidate[];
  /** Those that can be sent to. An mDNS name that nobody answered for is not among them. */
  readonly remotes: readonly SeenCandidate[];
  /** Connectivity checks of the peer (RFC 8445 §7.3); undefined: not counted (Firefox 153). */
  readonly checksReceived: number | undefined;
  /** Answers of the peer to our checks. */
  readonly answersReceived: number;
  /** What is used, once there is something. */
  readonly path: PathFacts | undefined;
  /** The person, or a policy, has denied this page its local network (Chromium's Local Network Access). */
  readonly isLocalNetworkDenied: boolean;
}

export interface SeenCandidate {
  readonly type: CandidateType;
  readonly protocol: 'udp' | 'tcp';
  /** An address or an mDNS name; undefined where the browser hides it. */
  readonly address: string | undefined;
  readonly port: number | undefined;
  /** What the browser takes its network for: 'wifi', 'vpn' …; undefined or 'unknown' where it does not tell. */
  readonly networkType?: string | undefined;
  /** Of a relay candidate: how its TURN server is reached. */
  readonly relayProtocol?: 'udp' | 'tcp' | 'tls' | undefined;
}

export interface PathFacts {
  readonly local: SeenCandidate;
  readonly remote: SeenCandidate;
  /** Of the last check that was answered. */
  readonly roundTripMs: number | undefined;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

export type PathKind =
  /** Between addresses that the two devices have themselves. */
  | 'direct'
  /** A router on the way translates addresses. */
  | 'nat'
  /** Through a TURN server of either side. */
  | 'relayed';
