import { signal, type ReadonlySignal } from '@preact/signals';
import type { ConnectionFacts } from '../core/reach/facts.ts';
import { verdictOn, type Verdict } from '../core/reach/verdict.ts';
import type { Clock } from '../ports/clock.ts';
import type { PairingView } from './model.ts';
import type { PairingAttempt } from './pairing-driver.ts';

export interface DiagnosisOptions {
  readonly clock: Clock;
  readonly attempt: () => PairingAttempt | undefined;
  /** The servers that a connection would ask now. */
  readonly iceServers: () => readonly RTCIceServer[];
}

const LOOK_EVERY_MS = 1_000;
/**
 * Two that have read each other's first code at the same moment, in a network that lets nothing through, never hear that
 * the other one has read: after this long, say what may be in the way, in case.
 */
export const READ_HINT_MS = 15_000;
const MINUTE_MS = 60_000;

interface Watched {
  readonly attempt: PairingAttempt;
  /** Checks and answers of the peer so far, and when they became more. */
  signs: number;
  readonly sinceMs: number;
  heardAtMs: number | undefined;
}

/** Watches two devices that have read each other's code, and says why they do not connect once that takes long. */
export class Diagnosis {
  readonly #options: DiagnosisOptions;
  readonly #verdict = signal<Verdict | undefined>(undefined);
  #state: PairingView['state'] = 'waiting';
  #stopTimer: (() => void) | undefined;
  #watched: Watched | undefined;

  constructor(options: DiagnosisOptions) {
    this.#options = options;
  }

  /** undefined while there is nothing to say. */
  get verdict(): ReadonlySignal<Verdict | undefined> {
    return this.#verdict;
  }

  /** The pairing is in this state now. */
  follow(state: PairingView['state']): void {
    this.#state = state;
    const attempt = this.#options.attempt();
    if (state === 'waiting' || attempt === undefined) {
      this.#stop();
      this.#watched = undefined;
      this.#verdict.value = undefined;
      return;
    }
    if (this.#watched?.attempt.connection !== attempt.connection) {
      this.#verdict.value = undefined;
      this.#watched = { attempt, signs: 0, sinceMs: this.#options.clock.nowMs(), heardAtMs: undefined };
    }
    this.#look();
  }

  #stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }

  /** Now, and again while something may change. */
  #look(): void {
    this.#stop();
    const watched = this.#watched;
    if (watched === undefined) return;
    watched.attempt.connection.observe().then(
      (facts) => {
        if (this.#watched === watched) this.#judge(facts, watched);
        return undefined;
      },
      // It was closed in the meantime: there is another one, or nobody to tell.
      () => undefined,
    );
    if (this.#state === 'failed') return;
    this.#stopTimer = this.#options.clock.startTimer(LOOK_EVERY_MS, () => this.#look());
  }

  #judge(facts: ConnectionFacts, watched: Watched): void {
    const { clock } = this.#options;
    const signs = (facts.checksReceived ?? 0) + facts.answersReceived;
    if (signs > watched.signs) {
      watched.signs = signs;
      watched.heardAtMs = clock.nowMs();
    }
    const isDue = this.#state === 'read' && clock.nowMs() - watched.sinceMs >= READ_HINT_MS;
    if (this.#state !== 'slow' && this.#state !== 'failed' && !isDue) return;
    const { mine, theirs } = watched.attempt;
    const { heardAtMs } = watched;
    const iceServers = this.#options.iceServers();
    this.#verdict.value = verdictOn({
      mine,
      theirs: theirs.description,
      theirAgeMinutes: Math.max(0, clock.epochMs() / MINUTE_MS - theirs.createdMinute),
      asksServers: iceServers.length > 0,
      asksRelay: iceServers.some(({ urls }) => [urls].flat().some((url) => url.startsWith('turn'))),
      facts,
      heardMsAgo: heardAtMs === undefined ? undefined : clock.nowMs() - heardAtMs,
    });
  }
}
