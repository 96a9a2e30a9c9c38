/** A chunk record that is on its way. */
export interface SentRecord {
  /** Hears what became of it. */
  readonly sender: {
    arrived(record: SentRecord): void;
    /** @returns false where it need not be sent again */
    lost(record: SentRecord): boolean;
  };
  /** Of its transfer on the link. */
  readonly number: number;
  readonly block: number;
  readonly offset: number;
  readonly payloadBytes: number;
  readonly isLast: boolean;
}

/**
 * The data frames that were sent on one lane: how many, and what was in those that have to be sent again if the lane is
 * lost. A lane delivers in order, so the count of those that have arrived says which.
 */
export class SentFrames {
  #count = 0;
  #arrivedCount = 0;
  /** What is kept, oldest first, with its place in the count. */
  #kept: { readonly index: number; readonly records: readonly SentRecord[] }[] = [];

  /** All that were sent. */
  get count(): number {
    return this.#count;
  }

  /** Those that are known to have arrived. */
  get arrivedCount(): number {
    return this.#arrivedCount;
  }

  /** There is something that would have to be sent again. */
  get isWaiting(): boolean {
    return this.#kept.length > 0;
  }

  /** @param records undefined: what is in it cannot be lost */
  sent(records: readonly SentRecord[] | undefined): void {
    if (records !== undefined) this.#kept.push({ index: this.#count, records });
    this.#count++;
  }

  /** So many have arrived in all: not fewer than before, nor more than were sent. */
  arrived(count: number): void {
    this.#arrivedCount = count;
    let done = 0;
    for (const { index, records } of this.#kept) {
      if (index >= count) break;
      done++;
      for (const record of records) record.sender.arrived(record);
    }
    this.#kept.splice(0, done);
  }

  /** Nothing more will be heard of the others. @returns their records, oldest first */
  takeLost(): readonly SentRecord[] {
    const lost = this.#kept.flatMap(({ records }) => records);
    this.#kept = [];
    return lost;
  }
}
