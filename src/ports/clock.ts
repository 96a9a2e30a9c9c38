/** Time, given to whoever runs a machine, so that tests own it. */
export interface Clock {
  /** Monotonic milliseconds; the zero point is arbitrary. */
  nowMs(): number;
  /** Milliseconds since the Unix epoch, as the device believes it. */
  epochMs(): number;
  /** Calls back once, `delayMs` (>= 0) from now. Gives a function that calls it off. */
  startTimer(delayMs: number, callback: () => void): () => void;
}
