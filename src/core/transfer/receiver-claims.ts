import type { Bytes } from '../bytes.ts';
import type { ClaimedBlock } from '../wire/frames/claim.ts';
import { MAX_CLAIMS_PER_FRAME } from '../wire/limits.ts';

/**
 * Blocks that are on the disk though no checkpoint says so: written before a crash. Each is read and hashed, claimed on
 * every link until the sender has confirmed it or has sent it. WIRE.md §5.15.
 */
export class ReceiverClaims {
  /** Not read yet, first to last. */
  #suspects: number[] = [];
  #probing = 0;
  /** What the disk has, where the sender has neither confirmed nor sent it. */
  readonly #found = new Map<number, Bytes>();
  /** Claimed on this link. */
  readonly #open = new Set<number>();

  /** @param blocks that may be there */
  suspect(blocks: readonly number[]): void {
    this.#suspects = [...blocks];
  }

  /** Everything that may be there was looked at. */
  get isSettled(): boolean {
    return this.#suspects.length === 0 && this.#probing === 0;
  }

  /** The next block to be read; undefined when there are none, or enough are being read. */
  nextProbe(probesAtOnce: number): number | undefined {
    if (this.#probing >= probesAtOnce) return undefined;
    const block = this.#suspects.shift();
    if (block !== undefined) this.#probing++;
    return block;
  }

  /** @param hash undefined: nothing is there */
  probed(block: number, hash: Bytes | undefined): void {
    this.#probing--;
    if (hash !== undefined) this.#found.set(block, hash);
  }

  probeFailed(): void {
    this.#probing--;
  }

  /** Everything found, for this link, in frames. */
  takeClaims(): readonly (readonly ClaimedBlock[])[] {
    const claims = Array.from(this.#found, ([block, hash]) => ({ block, hash }));
    for (const { block } of claims) this.#open.add(block);
    const frames: (readonly ClaimedBlock[])[] = [];
    for (let at = 0; at < claims.length; at += MAX_CLAIMS_PER_FRAME) {
      frames.push(claims.slice(at, at + MAX_CLAIMS_PER_FRAME));
    }
    return frames;
  }

  /** @returns the block's hash; undefined where it was not claimed on this link */
  confirmed(block: number): Bytes | undefined {
    if (!this.#open.delete(block)) return undefined;
    const hash = this.#found.get(block);
    this.#found.delete(block);
    return hash;
  }

  /** The sender sends it: the claim was wrong, or came too late. */
  refused(block: number): void {
    this.#open.delete(block);
    this.#found.delete(block);
  }

  linkLost(): void {
    this.#open.clear();
  }
}
