import { signal, type ReadonlySignal } from '@preact/signals';
import type { ConnectionFacts } from '../core/reach/facts.ts';
import { kindOfPath } from '../core/reach/path.ts';
import { writeReport } from '../core/reach/report.ts';
import type { Clock } from '../ports/clock.ts';
import type { Connection } from '../ports/connector.ts';
import type { PathView, RateSample } from './path-model.ts';

export interface PathWatchOptions {
  readonly clock: Clock;
  /** The one that carries the link; of several lanes, the first. */
  readonly connection: () => Connection | undefined;
  readonly laneCount: () => number;
  readonly onCopy: (report: string) => void;
}

const LOOK_EVERY_MS = 1_000;
/** What the curve shows: a minute. */
const MAX_SAMPLES = 60;

interface Watching {
  readonly connection: Connection;
  readonly samples: readonly RateSample[];
  readonly last: { readonly atMs: number; readonly bytesSent: number; readonly bytesReceived: number } | undefined;
}

/** Looks at the connection once a second while somebody wants to see it: statistics cost both engines time. */
export class PathWatch {
  readonly #options: PathWatchOptions;
  readonly #view = signal<PathView | undefined>(undefined);
  #facts: ConnectionFacts | undefined;
  #watching: Watching | undefined;
  #isOpen = false;
  #stopTimer: (() => void) | undefined;

  constructor(options: PathWatchOptions) {
    this.#options = options;
  }

  /** undefined until the first look, and without a link. */
  get view(): ReadonlySignal<PathView | undefined> {
    return this.#view;
  }

  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#look();
  }

  close(): void {
    this.#isOpen = false;
    this.#stopTimer?.();
    this.#watching = undefined;
    this.#forget();
  }

  copyReport(): void {
    const view = this.#view.value;
    if (this.#facts === undefined || view === undefined) return;
    const { kind, laneCount, samples } = view;
    const now = samples.at(-1);
    this.#options.onCopy(
      writeReport({
        facts: this.#facts,
        kind,
        laneCount,
        sendBytesPerSec: now?.sendBytesPerSec,
        receiveBytesPerSec: now?.receiveBytesPerSec,
      }),
    );
  }

  #look(): void {
    this.#stopTimer?.();
    if (!this.#isOpen) return;
    this.#stopTimer = this.#options.clock.startTimer(LOOK_EVERY_MS, () => this.#look());
    const connection = this.#options.connection();
    if (connection === undefined) return this.#forget();
    if (this.#watching?.connection !== connection) this.#watching = { connection, samples: [], last: undefined };
    connection.observe().then(
      (facts) => {
        if (this.#watching?.connection === connection) this.#show(facts, this.#watching);
        return undefined;
      },
      // It was closed in the meantime; the next look finds the next one.
      () => this.#forget(),
    );
  }

  #show(facts: ConnectionFacts, { connection, samples, last }: Watching): void {
    const { path } = facts;
    if (path === undefined) return this.#forget();
    const { local, remote, roundTripMs, bytesSent, bytesReceived } = path;
    const atMs = this.#options.clock.nowMs();
    const seconds = last === undefined ? 0 : (atMs - last.atMs) / 1000;
    // After an ICE restart another pair counts from zero again.
    const sample =
      last === undefined || seconds <= 0
        ? undefined
        : {
            sendBytesPerSec: Math.max(0, bytesSent - last.bytesSent) / seconds,
            receiveBytesPerSec: Math.max(0, bytesReceived - last.bytesReceived) / seconds,
          };
    const kept = sample === undefined ? samples : [...samples, sample].slice(-MAX_SAMPLES);
    this.#watching = { connection, samples: kept, last: { atMs, bytesSent, bytesReceived } };
    this.#facts = facts;
    this.#view.value = {
      kind: kindOfPath(path),
      local,
      remote,
      roundTripMs,
      bytesSent,
      bytesReceived,
      samples: kept,
      laneCount: this.#options.laneCount(),
    };
  }

  #forget(): void {
    this.#facts = undefined;
    this.#view.value = undefined;
  }
}
