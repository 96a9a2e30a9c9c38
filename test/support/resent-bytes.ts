/** One life of a transfer, until a kill or its end. In bytes. */
export interface Life {
  /** What went from one browser to the other, as counted by the one that lived on. */
  readonly travelled: number;
  /** What the receiver had, verified and on disk, when the life began; claimed from the disk later is included. */
  readonly held: number;
}

/**
 * What had to travel again because a life ended, for each life but the last: what travelled in it, less what the
 * receiver has more of in the next one. All of them, and what the last life sent twice, add up to exactly what travelled
 * beyond the size of the files, headers included; the border between two neighbours may be off by what was on its way to
 * the disk.
 */
export function resentBytes(lives: readonly Life[]): number[] {
  const costs: number[] = [];
  let last: Life | undefined;
  for (const life of lives) {
    if (last !== undefined) costs.push(last.travelled - (life.held - last.held));
    last = life;
  }
  return costs;
}
