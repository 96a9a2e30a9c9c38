import type { PausedBy } from './machine.ts';

/** Whether a transfer waits because a person wants it so. Each side has its own say. WIRE.md §5.13. */
export class Pausing {
  /** Stays over links: it is said again on the next one. */
  isPausedHere = false;
  /** What the peer said on this link. */
  isPausedThere = false;

  get isPaused(): boolean {
    return this.isPausedHere || this.isPausedThere;
  }

  get pausedBy(): PausedBy | undefined {
    if (this.isPausedHere) return this.isPausedThere ? 'both' : 'here';
    return this.isPausedThere ? 'there' : undefined;
  }
}
