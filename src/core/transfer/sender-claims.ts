import type { Bytes } from '../bytes.ts';
import { equalBytes } from '../bytes.ts';
import type { ClaimedBlock } from '../wire/frames/claim.ts';
import { MAX_CLAIMS_PER_FRAME, MAX_OPEN_CLAIMS } from '../wire/limits.ts';
import { limitExceeded, violation } from './context.ts';

/** Blocks that the receiver says its disk has, until each was confirmed or sent. WIRE.md §5.15. */
export class SenderClaims {
  readonly #open = new Map<number, Bytes>();
  readonly #confirmed: number[] = [];

  has(block: number): boolean {
    return this.#open.has(block);
  }

  /** Throws 'protocol-violation' or 'limit-exceeded', 'remote'. */
  add({ block, hash }: ClaimedBlock): void {
    if (this.#open.has(block)) throw violation(`second CLAIM of block ${block}`);
    this.#open.set(block, hash);
    if (this.#open.size > MAX_OPEN_CLAIMS) throw limitExceeded(`more than ${MAX_OPEN_CLAIMS} claims open`);
  }

  /** Answers the claim: where the hash is the block's, it will be confirmed. */
  isRight(block: number, hash: Bytes): boolean {
    const claimed = this.#open.get(block);
    this.#open.delete(block);
    if (claimed === undefined || !equalBytes(claimed, hash)) return false;
    this.#confirmed.push(block);
    return true;
  }

  /** The file does not travel any more. */
  drop(firstBlock: number, endBlock: number): void {
    for (const block of this.#open.keys()) if (block >= firstBlock && block < endBlock) this.#open.delete(block);
  }

  /** Blocks for the next CONFIRM; undefined when there are none. */
  takeConfirmed(): readonly number[] | undefined {
    return this.#confirmed.length === 0 ? undefined : this.#confirmed.splice(0, MAX_CLAIMS_PER_FRAME);
  }
}
