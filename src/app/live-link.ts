import type { TransferError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Connection } from '../ports/connector.ts';
import type { TransferEngine } from '../ports/transfer-engine.ts';

/** A closed connection sends nothing more, not even what was sent before. */
const LAST_WORDS_MS = 1_000;

/** The connection that carries the link, from its opening to its end. At most one. */
export class LiveLink {
  readonly #engine: TransferEngine;
  readonly #clock: Clock;
  #living: { readonly linkId: number; readonly connection: Connection } | undefined;
  #lastLinkId = 0;

  constructor(engine: TransferEngine, clock: Clock) {
    this.#engine = engine;
    this.#clock = clock;
  }

  /** For a new connection: unique in this tab. */
  newLinkId(): number {
    return ++this.#lastLinkId;
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
    const { linkId, connection } = this.#living;
    this.#living = undefined;
    if (reason === undefined) {
      // Is not sent to a peer that would not know it.
      this.#engine.post({ type: 'pageFrame', linkId, frame: { name: 'bye', reason: 'ended' } });
      this.#engine.post({ type: 'detach', linkId });
    } else {
      const { code, origin, message } = reason;
      this.#engine.post({ type: 'detach', linkId, reason: { code, origin, message } });
    }
    this.#clock.startTimer(LAST_WORDS_MS, () => connection.close());
  }
}
