/**
 * Files that were in the picked folder before, with the size of one that is to come. Each is identical until a block
 * comes that differs, and known to be so when no block is left to be looked at.
 */
export class ExistingFiles {
  /** Of each that is not decided, the blocks that nobody has confirmed or found to be the same. */
  readonly #blocksLeft = new Map<number, number>();
  readonly #identical = new Set<number>();

  readonly #differing = new Set<number>();

  /** @returns true where it is identical: no block is left */
  add(fileIndex: number, blocksLeft: number): boolean {
    if (blocksLeft > 0) this.#blocksLeft.set(fileIndex, blocksLeft);
    else this.#identical.add(fileIndex);
    return blocksLeft === 0;
  }

  isIdentical(fileIndex: number): boolean {
    return this.#identical.has(fileIndex);
  }

  /** One more block is what was there. @returns true where it was the last */
  same(fileIndex: number): boolean {
    const blocksLeft = this.#blocksLeft.get(fileIndex);
    if (blocksLeft === undefined) return false;
    this.#blocksLeft.delete(fileIndex);
    return this.add(fileIndex, blocksLeft - 1);
  }

  /** A block that counted as the same counts as missing again. */
  unsettle(fileIndex: number): void {
    const isIdentical = this.#identical.delete(fileIndex);
    const blocksLeft = isIdentical ? 0 : this.#blocksLeft.get(fileIndex);
    if (blocksLeft !== undefined) this.#blocksLeft.set(fileIndex, blocksLeft + 1);
  }

  /** It differs, and begins as a copy of what was there. */
  differs(fileIndex: number): void {
    if (this.#blocksLeft.has(fileIndex) || this.#identical.has(fileIndex)) this.#differing.add(fileIndex);
    this.drop(fileIndex);
  }

  isCopy(fileIndex: number): boolean {
    return this.#differing.has(fileIndex);
  }

  /** It does not travel. */
  drop(fileIndex: number): void {
    this.#blocksLeft.delete(fileIndex);
    this.#identical.delete(fileIndex);
  }
}
