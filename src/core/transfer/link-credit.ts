import { limitExceeded, violation } from './context.ts';

/** A CREDIT frame follows this part of the window: often enough never to starve, seldom enough not to cost anything. */
const GRANT_STEP_SHARE = 1 / 8;

/** Credit that we give on one link. Absolute counters of chunk payload since the link's start. */
export class GivenCredit {
  readonly #windowBytes: number;
  #receivedBytes = 0;
  #releasedBytes = 0;
  #grantedBytes = 0;

  constructor(windowBytes: number) {
    this.#windowBytes = windowBytes;
  }

  /** Payload came. Throws 'limit-exceeded', 'remote', when it was more than was granted. */
  received(bytes: number): void {
    this.#receivedBytes += bytes;
    if (this.#receivedBytes > this.#grantedBytes) {
      throw limitExceeded(`${this.#receivedBytes} bytes of payload, ${this.#grantedBytes} were granted`);
    }
  }

  /** Payload is verified on disk, or was dropped. */
  release(bytes: number): void {
    this.#releasedBytes += bytes;
  }

  /** The limit to be sent in a CREDIT frame now, if it is worth one. */
  grant(): number | undefined {
    const limitBytes = this.#releasedBytes + this.#windowBytes;
    if (limitBytes - this.#grantedBytes < this.#windowBytes * GRANT_STEP_SHARE) return undefined;
    this.#grantedBytes = limitBytes;
    return limitBytes;
  }
}

/** Credit that the peer gives us on one link. */
export class TakenCredit {
  #limitBytes = 0;
  #sentBytes = 0;

  get availableBytes(): number {
    return this.#limitBytes - this.#sentBytes;
  }

  granted(limitBytes: number): void {
    if (limitBytes < this.#limitBytes) throw violation(`CREDIT ${limitBytes} after ${this.#limitBytes}`);
    this.#limitBytes = limitBytes;
  }

  sent(bytes: number): void {
    this.#sentBytes += bytes;
  }
}
