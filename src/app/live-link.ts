import { TransferError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Connection, Connector } from '../ports/connector.ts';
import type { TransferEngine } from '../ports/transfer-engine.ts';

/** A closed connection sends nothing more, not even what was sent before. */
const LAST_WORDS_MS = 1_000;

export interface LiveLinkPorts {
  readonly connector: Connector;
  readonly engine: TransferEngine;
  readonly clock: Clock;
}

/** A connection that may carry the link one day, and the link's id if it does: unique in this tab. */
export interface Opened {
  readonly linkId: number;
  readonly connection: Connection;
}

/** Makes connections for the link, and knows the one that carries it, from its opening to its end. At most one. */
export class LiveLink {
  readonly #ports: LiveLinkPorts;
  readonly #onFailed: (linkId: number) => void;
  #living: Opened | undefined;
  #lastLinkId = 0;

  /** @param onFailed the browser says that the connection which carries the link failed */
  constructor(ports: LiveLinkPorts, onFailed: (linkId: number) => void) {
    this.#ports = ports;
    this.#onFailed = onFailed;
  }

  /**
   * A new connection, whose channels are the engine's. Throws 'webrtc-unavailable' or 'worker-failed'.
   * @param onFailed before it carried the link
   */
  open(options: {
    readonly iceServers: readonly RTCIceServer[];
    readonly certificate: RTCCertificate;
    readonly onFailed: (linkId: number, error: TransferError) => void;
    readonly onPeerSeen?: () => void;
  }): Opened {
    const linkId = ++this.#lastLinkId;
    const connection = this.#ports.connector.open({
      ...options,
      takeChannels: (channels) => {
        if (this.#ports.engine.attach({ linkId, ...channels })) return;
        const what = 'the data channels could not be handed to the transfer worker';
        throw new TransferError('worker-failed', 'host', what);
      },
      onFailed: (error) => {
        if (this.linkId === linkId) this.#onFailed(linkId);
        else options.onFailed(linkId, error);
      },
    });
    return { linkId, connection };
  }

  get linkId(): number | undefined {
    return this.#living?.linkId;
  }

  get connection(): Connection | undefined {
    return this.#living?.connection;
  }

  /** The engine says that this one is open now; an older one is closed. */
  adopt(linkId: number, connection: Connection): void {
    this.#living?.connection.close();
    this.#living = { linkId, connection };
  }

  /** The engine, or the browser, says that it ended. @returns whether this was the living link */
  closed(linkId: number): boolean {
    if (this.#living?.linkId !== linkId) return false;
    this.#living.connection.close();
    this.#living = undefined;
    return true;
  }

  /** Ends it. @param reason is told to the peer; without one the person just wanted it so */
  end(reason?: TransferError): void {
    if (this.#living === undefined) return;
    const { engine, clock } = this.#ports;
    const { linkId, connection } = this.#living;
    this.#living = undefined;
    if (reason === undefined) {
      // Is not sent to a peer that would not know it.
      engine.post({ type: 'pageFrame', linkId, frame: { name: 'bye', reason: 'ended' } });
      engine.post({ type: 'detach', linkId });
    } else {
      const { code, origin, message } = reason;
      engine.post({ type: 'detach', linkId, reason: { code, origin, message } });
    }
    clock.startTimer(LAST_WORDS_MS, () => connection.close());
  }
}
