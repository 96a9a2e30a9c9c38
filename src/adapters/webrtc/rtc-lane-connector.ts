import { TransferError } from '../../core/errors.ts';
import type { DtlsRole } from '../../core/pairing/role.ts';
import { parseDescription, writeDescription, type Description } from '../../core/sdp/description.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LaneConnection, LaneConnector, LaneOptions } from '../../ports/lane-connector.ts';
import { gathered } from './gather.ts';

const DATA_CHANNEL_ID = 1;

export function createRtcLaneConnector(clock: Clock): LaneConnector {
  return { open: (options) => new RtcLane(options, clock) };
}

/**
 * One lane. Its certificate is the browser's own, good for this connection only: each side has the other's fingerprint
 * over a link that is encrypted and authenticated already.
 */
class RtcLane implements LaneConnection {
  readonly #pc: RTCPeerConnection;
  readonly #clock: Clock;
  readonly #iceServers: readonly RTCIceServer[];
  #isClosed = false;
  #mid = '0';

  constructor(options: LaneOptions, clock: Clock) {
    this.#clock = clock;
    this.#iceServers = options.iceServers;
    try {
      this.#pc = new RTCPeerConnection({ iceServers: [...options.iceServers], bundlePolicy: 'max-bundle' });
      options.takeChannel(this.#pc.createDataChannel('lane', { negotiated: true, id: DATA_CHANNEL_ID }));
    } catch (cause) {
      this.close();
      if (cause instanceof TransferError) throw cause;
      throw new TransferError('webrtc-unavailable', 'host', 'no further connection can be made', cause);
    }
    this.#pc.addEventListener('connectionstatechange', () => {
      if (!this.#isClosed && this.#pc.connectionState === 'failed') options.onFailed();
    });
  }

  async describe(): Promise<Description> {
    const enough = gathered(this.#pc, this.#clock, this.#iceServers);
    try {
      await this.#pc.setLocalDescription(await this.#pc.createOffer());
    } catch (cause) {
      throw new TransferError('webrtc-unavailable', 'host', 'the browser refused to make an offer', cause);
    }
    await enough;
    const sdp = this.#pc.localDescription?.sdp ?? '';
    this.#mid = /^a=mid:(\S+)/m.exec(sdp)?.[1] ?? '0';
    return parseDescription(sdp);
  }

  async apply(theirs: Description, as: DtlsRole): Promise<void> {
    // The synthesised answer is the peer's, so it says the opposite.
    const setup = as === 'active' ? 'passive' : 'active';
    const sdp = writeDescription(theirs, { type: 'answer', setup, mid: this.#mid });
    try {
      await this.#pc.setRemoteDescription({ type: 'answer', sdp });
    } catch (cause) {
      if (this.#isClosed) return;
      throw new TransferError('description-refused', 'host', `setRemoteDescription: ${String(cause)}`, cause);
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#pc.close();
  }
}
