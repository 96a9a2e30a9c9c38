import type { DtlsRole } from '../../core/pairing/role.ts';
import type { Description } from '../../core/sdp/description.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LaneConnection, LaneConnector, LaneOptions } from '../../ports/lane-connector.ts';
import { applyAnswer, DATA_CHANNEL_ID, describe, openPeerConnection } from './peer-connection.ts';

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
    this.#pc = openPeerConnection(options.iceServers, []);
    try {
      options.takeChannel(this.#pc.createDataChannel('lane', { negotiated: true, id: DATA_CHANNEL_ID }));
    } catch (cause) {
      this.close();
      throw cause;
    }
    this.#pc.addEventListener('connectionstatechange', () => {
      if (!this.#isClosed && this.#pc.connectionState === 'failed') options.onFailed();
    });
  }

  async describe(): Promise<Description> {
    const { description, mid } = await describe(this.#pc, this.#clock, this.#iceServers);
    this.#mid = mid;
    return description;
  }

  async apply(theirs: Description, as: DtlsRole): Promise<void> {
    return applyAnswer(this.#pc, theirs, { type: 'answer', as, mid: this.#mid });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#pc.close();
  }
}
