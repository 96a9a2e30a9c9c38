import type { Bytes } from '../bytes.ts';
import type { ClaimedBlock } from '../wire/frames/claim.ts';
import { MAX_CLAIMS_PER_FRAME } from '../wire/limits.ts';

/** Claims that wait for the sender's answer, at most; looking goes on when some were answered. Below the wire's limit. */
const MAX_FOUND = 4000;
/**
 * A lead of so much is enough for the sender to begin: it should not overtake. Small files are looked at more slowly than
 * they are sent, so there `MAX_FOUND` is the lead. What it sends in spite of a claim is dropped.
 */
const ENOUGH_BYTES = 512 * 1024 * 1024;

/**
 * Blocks that are on the disk though no checkpoint says so: written before a crash, or in files that the picked folder
 * had already. Each is read and hashed, claimed on every offer until the sender has confirmed it or has sent it.
 * WIRE.md §5.15.
 */
export class ReceiverClaims {
  /** Not read yet, first to last. */
  readonly #suspects: { next: number; readonly end: number }[] = [];
  #probing = 0;
  /** What the disk has, where the sender has neither confirmed nor sent it. */
  readonly #found = new Map<number, { readonly hash: Bytes; readonly length: number }>();
  #foundBytes = 0;
  /** Those of them that were not claimed on this offer. */
  readonly #unclaimed = new Set<number>();

  /** Blocks from `firstBlock` to before `endBlock` may be there. */
  suspect(firstBlock: number, endBlock: number): void {
    if (firstBlock < endBlock) this.#suspects.push({ next: firstBlock, end: endBlock });
  }

  /** Everything that may be there was looked at, or enough for a start. */
  get isSettled(): boolean {
    return (this.#suspects.length === 0 && this.#probing === 0) || this.#isEnough;
  }

  get #isEnough(): boolean {
    return this.#foundBytes >= ENOUGH_BYTES || this.#found.size >= MAX_FOUND;
  }

  /**
   * The next block to be read; undefined when there are none, or enough are being read or claimed.
   * @param isMissing whether anybody wants it
   */
  nextProbe(probesAtOnce: number, isMissing: (block: number) => boolean): number | undefined {
    if (this.#probing >= probesAtOnce || this.#found.size + this.#probing >= MAX_FOUND) return undefined;
    for (let range = this.#suspects[0]; range !== undefined; range = this.#suspects[0]) {
      while (range.next < range.end) {
        const block = range.next++;
        if (!isMissing(block)) continue;
        this.#probing++;
        return block;
      }
      this.#suspects.shift();
    }
    return undefined;
  }

  /** @param hash undefined: nothing is there, or nobody wants it any more */
  probed(block: number, length: number, hash: Bytes | undefined): void {
    this.#probing--;
    if (hash === undefined) return;
    this.#found.set(block, { hash, length });
    this.#foundBytes += length;
    this.#unclaimed.add(block);
  }

  probeFailed(): void {
    this.#probing--;
  }

  /** Everything found and not claimed on this offer yet, in frames. */
  takeClaims(): readonly (readonly ClaimedBlock[])[] {
    const claims: ClaimedBlock[] = [];
    for (const block of this.#unclaimed) {
      const found = this.#found.get(block);
      if (found !== undefined) claims.push({ block, hash: found.hash });
    }
    this.#unclaimed.clear();
    const frames: (readonly ClaimedBlock[])[] = [];
    for (let at = 0; at < claims.length; at += MAX_CLAIMS_PER_FRAME) {
      frames.push(claims.slice(at, at + MAX_CLAIMS_PER_FRAME));
    }
    return frames;
  }

  /** @returns the block's hash; undefined where it was not claimed on this offer */
  confirmed(block: number): Bytes | undefined {
    if (this.#unclaimed.has(block)) return undefined;
    return this.#take(block);
  }

  /** The sender sends it: the claim was wrong, or came too late. */
  refused(block: number): void {
    this.#unclaimed.delete(block);
    this.#take(block);
  }

  #take(block: number): Bytes | undefined {
    const found = this.#found.get(block);
    this.#found.delete(block);
    this.#foundBytes -= found?.length ?? 0;
    return found?.hash;
  }

  /** The next offer gets them all again. */
  offerEnded(): void {
    for (const block of this.#found.keys()) this.#unclaimed.add(block);
  }
}
