import { MAX_PARTIAL_BLOCKS } from '../wire/limits.ts';

/** Fewer than the receiver has to take: some may have been on their way before they were counted. */
const MAX_BLOCKS = MAX_PARTIAL_BLOCKS - 8;

/**
 * Blocks of a run that have begun to travel over several lanes, and that the receiver may not have whole: with as many
 * as it takes no other is begun.
 */
export class BlockDelivery {
  readonly #blocks = new Map<number, { unacknowledged: number; isAllSent: boolean }>();

  get isFull(): boolean {
    return this.#blocks.size >= MAX_BLOCKS;
  }

  /** A record of the block is in a frame. */
  sent(block: number): void {
    const known = this.#blocks.get(block);
    if (known === undefined) this.#blocks.set(block, { unacknowledged: 1, isAllSent: false });
    else known.unacknowledged++;
  }

  /** There is no more of it to be sent, for now. */
  allSent(block: number): void {
    const known = this.#blocks.get(block);
    if (known === undefined) return;
    known.isAllSent = true;
    this.#forgetIfWhole(block);
  }

  /** A record of it has arrived. */
  arrived(block: number): void {
    const known = this.#blocks.get(block);
    if (known === undefined) return;
    known.unacknowledged--;
    this.#forgetIfWhole(block);
  }

  /** A record of it was lost: it has to be sent again. */
  lost(block: number): void {
    const known = this.#blocks.get(block) ?? { unacknowledged: 1, isAllSent: false };
    known.unacknowledged--;
    known.isAllSent = false;
    this.#blocks.set(block, known);
  }

  /** Blocks of a file that does not travel any more. */
  drop(firstBlock: number, endBlock: number): void {
    for (const block of this.#blocks.keys()) {
      if (block >= firstBlock && block < endBlock) this.#blocks.delete(block);
    }
  }

  #forgetIfWhole(block: number): void {
    const known = this.#blocks.get(block);
    if (known?.isAllSent === true && known.unacknowledged <= 0) this.#blocks.delete(block);
  }
}
