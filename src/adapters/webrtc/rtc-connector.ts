import { TransferError } from '../../core/errors.ts';
import type { Credentials } from '../../core/link/keys.ts';
import type { ApplyAs } from '../../core/pairing/pairing.ts';
import { writeCandidate, type Candidate } from '../../core/sdp/candidate.ts';
import { parseDescription, writeDescription, type Description } from '../../core/sdp/description.ts';
import type { ConnectionFacts } from '../../core/reach/facts.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Connection, ConnectionOptions, Connector } from '../../ports/connector.ts';
import { readFacts } from './connection-facts.ts';
import { gathered } from './gather.ts';
import { watchForPeer } from './peer-watch.ts';

/** Stream ids of the two negotiated channels of a connection (RFC 8831 §6.4); no DCEP (RFC 8832) is spoken. */
const CONTROL_CHANNEL_ID = 0;
const DATA_CHANNEL_ID = 1;

/**
 * A fingerprint that no certificate has. An `activeWhenSeen` side first applies the peer with it, as a provisional
 * answer that makes us DTLS-passive: ICE runs and opens firewalls, but no ClientHello is sent. The real answer then
 * changes the fingerprint, which libwebrtc treats as a DTLS restart, and with a restart the role may change
 * (`DtlsTransport::SetRemoteParameters`, `is_dtls_restart`; Chromium 156, 2026-11: channel open 6 ms after it,
 * and after 5 minutes of waiting). Nobody can get through the DTLS handshake in between: no certificate matches.
 */
const NO_FINGERPRINT = new Uint8Array(32);

export function createRtcConnector(clock: Clock): Connector {
  return {
    makeCertificate,
    canDial,
    open: (options) => new RtcConnection(options, clock),
  };
}

/** The longest that Chromium and Firefox keep to (W3C WebRTC §4.9: at most 365 days); 30 days without. */
const CERTIFICATE_LIFE_MS = 365 * 24 * 3600 * 1000;

async function makeCertificate(): Promise<RTCCertificate> {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `expires` is missing from the DOM library
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256', expires: CERTIFICATE_LIFE_MS } as EcKeyGenParams;
    return await RTCPeerConnection.generateCertificate(algorithm);
  } catch (cause) {
    throw new TransferError('webrtc-unavailable', 'host', 'no certificate can be made', cause);
  }
}

/**
 * Rewritten credentials are to be refused one day: Chromium's field trial `WebRTC-NoSdpMangleUfrag` throws
 * InvalidModificationError from `setLocalDescription` (Chromium 156, 2026-11).
 */
async function canDial(): Promise<boolean> {
  if (typeof RTCPeerConnection === 'undefined') return false;
  let pc: RTCPeerConnection | undefined;
  try {
    pc = new RTCPeerConnection();
    pc.createDataChannel('', { negotiated: true, id: CONTROL_CHANNEL_ID });
    await pc.setLocalDescription(
      withCredentials(await pc.createOffer(), { ufrag: 'A'.repeat(8), pwd: 'A'.repeat(24) }),
    );
    return true;
  } catch {
    return false; // Whatever the reason: who cannot dial is dialed, or scans.
  } finally {
    pc?.close();
  }
}

function withCredentials(
  { type, sdp = '' }: RTCSessionDescriptionInit,
  { ufrag, pwd }: Credentials,
): RTCSessionDescriptionInit {
  const rewritten = sdp
    .replace(/^a=ice-ufrag:.*$/gm, `a=ice-ufrag:${ufrag}`)
    .replace(/^a=ice-pwd:.*$/gm, `a=ice-pwd:${pwd}`);
  return { type, sdp: rewritten };
}

class RtcConnection implements Connection {
  readonly #pc: RTCPeerConnection;
  readonly #options: ConnectionOptions;
  readonly #clock: Clock;
  readonly #stopWatching: () => void;
  #isClosed = false;
  #mid = '0';
  /** Our DTLS role, once it is settled. */
  #role: 'active' | 'passive' = 'passive';
  /** The candidates of the peer's description. */
  #applied: readonly Candidate[] = [];

  constructor(options: ConnectionOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#pc = openPeerConnection(options);
    // Reliable and ordered; both sides create them, so that neither waits for the other.
    const control = this.#pc.createDataChannel('control', { negotiated: true, id: CONTROL_CHANNEL_ID });
    const data = this.#pc.createDataChannel('data', { negotiated: true, id: DATA_CHANNEL_ID });
    options.takeChannels({ control, data });
    this.#pc.addEventListener('connectionstatechange', () => this.#connectionStateChanged());
    this.#stopWatching = watchForPeer(this.#pc, clock, () => {
      if (!this.#isClosed) options.onEvent({ type: 'peerSeen' });
    });
  }

  async describe(): Promise<Description> {
    return this.#describe({});
  }

  async restart(): Promise<Description> {
    return this.#describe({ iceRestart: true });
  }

  async applyRestart(theirs: Description): Promise<void> {
    return this.#setRemote('answer', theirs, this.#role);
  }

  async #describe(options: RTCOfferOptions): Promise<Description> {
    const enough = gathered(this.#pc, this.#clock, this.#options.iceServers);
    try {
      await this.#pc.setLocalDescription(await this.#pc.createOffer(options));
    } catch (cause) {
      throw new TransferError('webrtc-unavailable', 'host', 'the browser refused to make an offer', cause);
    }
    await enough;
    const sdp = this.#pc.localDescription?.sdp;
    if (sdp === undefined) throw new TransferError('webrtc-unavailable', 'host', 'no local description');
    this.#mid = midOf(sdp);
    return parseDescription(sdp);
  }

  async dial(theirs: Description, credentials: Credentials): Promise<void> {
    try {
      const offer = withCredentials(await this.#pc.createOffer(), credentials);
      this.#mid = midOf(offer.sdp ?? '');
      await this.#pc.setLocalDescription(offer);
    } catch (cause) {
      if (this.#isClosed) return;
      throw new TransferError('description-refused', 'host', `setLocalDescription: ${String(cause)}`, cause);
    }
    // The peer is waiting already, so we may begin the handshake at once.
    return this.#setRemote('answer', theirs, 'active');
  }

  async apply(theirs: Description, as: ApplyAs): Promise<void> {
    if (as !== 'activeWhenSeen') return this.#setRemote('answer', theirs, as);
    return this.#setRemote('pranswer', { ...theirs, fingerprint: NO_FINGERPRINT }, 'passive');
  }

  async commit(theirs: Description): Promise<void> {
    return this.#setRemote('answer', theirs, 'active');
  }

  addCandidates(candidates: readonly Candidate[]): void {
    if (this.#isClosed) return;
    for (const one of candidates) {
      // The same foundation and priority as in the description, or the browser takes it for another candidate.
      const place = this.#applied.indexOf(one);
      const candidate = `candidate:${writeCandidate(one, place === -1 ? this.#applied.length : place)}`;
      // A refusal costs nothing but the wait that it was to prolong, and `connectionState` tells about that.
      this.#pc.addIceCandidate({ candidate, sdpMid: this.#mid, sdpMLineIndex: 0 }).catch(() => undefined);
    }
  }

  async observe(): Promise<ConnectionFacts> {
    if (this.#isClosed) throw new TransferError('link-lost', 'local', 'observed after it was closed');
    return readFacts(this.#pc);
  }

  get isAlive(): boolean {
    const { connectionState, signalingState } = this.#pc;
    return signalingState !== 'closed' && connectionState !== 'closed' && connectionState !== 'failed';
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stopWatching();
    this.#pc.close();
  }

  /** @param as our own DTLS role; the synthesised answer is the peer's, so it says the opposite */
  async #setRemote(type: 'answer' | 'pranswer', theirs: Description, as: 'active' | 'passive'): Promise<void> {
    const setup = as === 'active' ? 'passive' : 'active';
    const sdp = writeDescription(theirs, { type: 'answer', setup, mid: this.#mid });
    this.#applied = theirs.candidates;
    this.#role = as;
    try {
      await this.#pc.setRemoteDescription({ type, sdp });
    } catch (cause) {
      if (this.#isClosed) return;
      throw new TransferError(
        'description-refused',
        'host',
        `setRemoteDescription(${type}, ${setup}): ${String(cause)}`,
        cause,
      );
    }
  }

  #connectionStateChanged(): void {
    if (this.#isClosed || this.#pc.connectionState !== 'failed') return;
    this.#options.onEvent({
      type: 'failed',
      error: new TransferError('connect-timeout', 'host', `ICE ${this.#pc.iceConnectionState}, connection failed`),
    });
  }
}

function midOf(sdp: string): string {
  return /^a=mid:(\S+)/m.exec(sdp)?.[1] ?? '0';
}

function openPeerConnection({
  iceServers,
  certificate,
}: Pick<ConnectionOptions, 'iceServers' | 'certificate'>): RTCPeerConnection {
  try {
    return new RTCPeerConnection({
      iceServers: [...iceServers],
      certificates: [certificate],
      bundlePolicy: 'max-bundle',
    });
  } catch (cause) {
    // One server that this browser does not like (Firefox 153: a blocked port) must not keep two neighbours apart.
    const accepted = iceServers.length === 0 ? [] : iceServers.filter(isAccepted);
    if (accepted.length < iceServers.length) return openPeerConnection({ iceServers: accepted, certificate });
    throw new TransferError('webrtc-unavailable', 'host', 'RTCPeerConnection cannot be made', cause);
  }
}

function isAccepted(iceServer: RTCIceServer): boolean {
  try {
    new RTCPeerConnection({ iceServers: [iceServer] }).close();
    return true;
  } catch {
    return false; // SyntaxError or InvalidAccessError; the test in the settings says so.
  }
}
