import { TransferError } from '../../core/errors.ts';
import type { Credentials } from '../../core/link/keys.ts';
import type { ApplyAs } from '../../core/pairing/pairing.ts';
import { writeCandidate, type Candidate } from '../../core/sdp/candidate.ts';
import type { DtlsRole } from '../../core/pairing/role.ts';
import type { Description } from '../../core/sdp/description.ts';
import type { ConnectionFacts } from '../../core/reach/facts.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Connection, ConnectionOptions, Connector } from '../../ports/connector.ts';
import { readFacts } from './connection-facts.ts';
import {
  applyAnswer,
  CONTROL_CHANNEL_ID,
  DATA_CHANNEL_ID,
  describe,
  midOf,
  openPeerConnection,
} from './peer-connection.ts';
import { watchForPeer } from './peer-watch.ts';

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
  #stopWatching = (): void => undefined;
  #isClosed = false;
  #mid = '0';
  /** Our DTLS role, once it is settled. */
  #role: DtlsRole = 'passive';
  /** The candidates of the peer's description. */
  #applied: readonly Candidate[] = [];

  constructor(options: ConnectionOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#pc = openPeerConnection(options.iceServers, [options.certificate]);
    try {
      // Reliable and ordered; both sides create them, so that neither waits for the other.
      const control = this.#pc.createDataChannel('control', { negotiated: true, id: CONTROL_CHANNEL_ID });
      const data = this.#pc.createDataChannel('data', { negotiated: true, id: DATA_CHANNEL_ID });
      options.takeChannels({ control, data });
    } catch (cause) {
      this.#pc.close();
      throw cause;
    }
    this.#pc.addEventListener('connectionstatechange', () => this.#connectionStateChanged());
    const { onPeerSeen } = options;
    if (onPeerSeen === undefined) return;
    this.#stopWatching = watchForPeer(this.#pc, clock, () => {
      if (!this.#isClosed) onPeerSeen();
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
    const { description, mid } = await describe(this.#pc, this.#clock, this.#options.iceServers, options);
    this.#mid = mid;
    return description;
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

  async #setRemote(type: 'answer' | 'pranswer', theirs: Description, as: DtlsRole): Promise<void> {
    this.#applied = theirs.candidates;
    this.#role = as;
    return applyAnswer(this.#pc, theirs, { type, as, mid: this.#mid });
  }

  #connectionStateChanged(): void {
    if (this.#isClosed || this.#pc.connectionState !== 'failed') return;
    this.#options.onFailed(
      new TransferError('connect-timeout', 'host', `ICE ${this.#pc.iceConnectionState}, connection failed`),
    );
  }
}
