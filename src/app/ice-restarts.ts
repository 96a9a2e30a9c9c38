import { equalBytes, type Bytes } from '../core/bytes.ts';
import type { Description } from '../core/sdp/description.ts';
import { encodeOpen, tryDecodeTicket } from '../core/ticket/ticket.ts';
import type { Restart } from '../core/wire/frames/restart.ts';
import type { Clock } from '../ports/clock.ts';
import type { Connection } from '../ports/connector.ts';
import type { LiveLink } from './live-link.ts';

/** Networks come and go in bursts of events; what changes meanwhile gets a round of its own. */
const QUIET_MS = 1_000;

/**
 * ICE restarts of the link, in rounds to which both sides make an offer: LINK.md §4. A round that comes to nothing is no
 * error: the old path still carries, or the link is lost and is dialed.
 */
export class IceRestarts {
  readonly #clock: Clock;
  readonly #live: LiveLink;
  readonly #send: (frame: Restart) => void;
  /** undefined: the peer knows nothing of rounds. */
  #fingerprint: Bytes | undefined;
  #round = 0;
  /** What the peer said of the current round, until this side has made its own offer. */
  #theirs: Description | undefined;
  #isOffered = false;
  #stopTimer = (): void => undefined;

  constructor(clock: Clock, live: LiveLink, send: (frame: Restart) => void) {
    this.#clock = clock;
    this.#live = live;
    this.#send = send;
  }

  /** A new link. @param fingerprint of the peer's certificate; undefined where restarts are not spoken */
  linked(fingerprint: Bytes | undefined): void {
    this.#stopTimer();
    this.#fingerprint = fingerprint;
    this.#round = 0;
    this.#isOffered = false;
    this.#theirs = undefined;
  }

  /** The network has changed. */
  begin(): void {
    this.#stopTimer();
    this.#stopTimer = this.#clock.startTimer(QUIET_MS, () => this.#beginRound(this.#round + 1, undefined));
  }

  heard({ round, ticket }: Restart): void {
    const theirs = tryDecodeTicket(ticket)?.description;
    if (theirs === undefined || this.#fingerprint === undefined) return;
    if (!equalBytes(theirs.fingerprint, this.#fingerprint)) return;
    if (round === this.#round && this.#theirs === undefined) {
      this.#theirs = theirs;
      if (this.#isOffered) this.#apply(theirs);
    } else if (round === this.#round + 1) {
      this.#beginRound(round, theirs);
    }
  }

  #beginRound(round: number, theirs: Description | undefined): void {
    const { connection } = this.#live;
    if (this.#fingerprint === undefined || connection === undefined) return;
    this.#stopTimer();
    this.#round = round;
    this.#theirs = theirs;
    this.#isOffered = false;
    // A refusal leaves the old path as it is.
    this.#offer(connection, round).catch(() => undefined);
  }

  async #offer(connection: Connection, round: number): Promise<void> {
    const mine = await connection.restart();
    if (round !== this.#round || this.#live.connection !== connection) return;
    this.#send({ name: 'restart', round, ticket: encodeOpen(mine, this.#clock.epochMs()) });
    this.#isOffered = true;
    if (this.#theirs !== undefined) this.#apply(this.#theirs);
  }

  #apply(theirs: Description): void {
    this.#live.connection?.applyRestart(theirs).catch(() => undefined);
  }
}
