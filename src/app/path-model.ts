import type { PathKind, SeenCandidate } from '../core/reach/facts.ts';

export type { PathKind, SeenCandidate } from '../core/reach/facts.ts';
export type { Verdict } from '../core/reach/verdict.ts';

/** How the bytes go, as the browser tells it now. */
export interface PathView {
  readonly kind: PathKind;
  readonly local: SeenCandidate;
  readonly remote: SeenCandidate;
  readonly roundTripMs: number | undefined;
  /** Over this path, overheads included. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** One a second, oldest first; a minute at most. */
  readonly samples: readonly RateSample[];
  /** Connections that share the work. */
  readonly laneCount: number;
}

export interface RateSample {
  readonly sendBytesPerSec: number;
  readonly receiveBytesPerSec: number;
}

export interface PathCommands {
  /** Somebody looks: `Model.path` is kept up to date until `closePath`. */
  openPath(): void;
  closePath(): void;
  /** Copies what can be shown to a helper: no full addresses, no names, nothing about files. */
  copyPathReport(): void;
}
