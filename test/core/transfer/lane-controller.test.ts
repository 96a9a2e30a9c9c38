import { describe, expect, test } from 'vitest';
import { LaneController, MAX_LANES } from '../../../src/core/transfer/lane-controller.ts';
import { SeededRandom } from '../../support/seeded-random.ts';

const TICK_MS = 250;

/** A path as the controller sees it: what all lanes together bring, by how many are open. */
interface Path {
  readonly rttMs: number | undefined;
  readonly bytesPerSec: (lanes: number) => number;
}

/** Time passes, lanes open some ticks after they are wanted, and what they bring is noisy. */
class Run {
  readonly controller = new LaneController(1);
  readonly #random: SeededRandom;
  readonly #path: () => Path;
  nowMs = 0;
  openLanes = 1;
  canOpen = true;
  /** How many lanes were wanted at each tick. */
  readonly wanted: number[] = [];
  bytes = 0;

  constructor(path: Path | (() => Path), seed = 1) {
    this.#random = new SeededRandom(seed);
    this.#path = typeof path === 'function' ? path : () => path;
  }

  pass(seconds: number, isStarved = false): this {
    for (let tick = 0; tick < (seconds * 1000) / TICK_MS; tick++) {
      this.nowMs += TICK_MS;
      const { rttMs, bytesPerSec } = this.#path();
      const noise = 0.85 + 0.3 * this.#random.fraction();
      this.bytes += (bytesPerSec(this.openLanes) * noise * TICK_MS) / 1000;
      this.controller.sample({
        nowMs: this.nowMs,
        egressBytes: this.bytes,
        isStarved,
        rttMs,
        openLanes: this.openLanes,
      });
      this.wanted.push(this.controller.wanted);
      // One more, or all fewer, each tick.
      this.openLanes = Math.min(this.controller.wanted, this.openLanes + (this.canOpen ? 1 : 0));
    }
    return this;
  }
}

const MB = 1_000_000;
const SEEDS = Array.from({ length: 20 }, (_, i) => i + 1);

describe('LaneController', () => {
  test('on a fast local network it never asks for a second lane', () => {
    for (const seed of SEEDS) {
      const run = new Run({ rttMs: 3, bytesPerSec: () => 25 * MB }, seed).pass(120);
      expect(Math.max(...run.wanted)).toBe(1);
    }
  });

  test('where each lane brings as much as the first, it has twelve within 12 s', () => {
    for (const seed of SEEDS) {
      const run = new Run({ rttMs: 50, bytesPerSec: (lanes) => lanes * 0.8 * MB }, seed).pass(12);
      expect(run.controller.wanted, `seed ${seed}`).toBe(MAX_LANES);
    }
  });

  test('it stops where more lanes bring nothing', () => {
    for (const seed of SEEDS) {
      const bytesPerSec = (lanes: number): number => Math.min(lanes, 4) * 0.8 * MB;
      const run = new Run({ rttMs: 50, bytesPerSec }, seed).pass(240);
      const last = run.wanted.slice(-20);
      expect(Math.min(...last), `seed ${seed}`).toBeGreaterThanOrEqual(4);
      // Now and then it looks whether that has changed.
      const tooMany = run.wanted.slice(240).filter((wanted) => wanted > 4).length;
      expect(tooMany / run.wanted.slice(240).length, `seed ${seed}`).toBeLessThan(0.3);
    }
  });

  test('where the line itself is full, it goes back to one, and tries ever more rarely', () => {
    for (const seed of SEEDS) {
      const run = new Run({ rttMs: 50, bytesPerSec: () => 3 * MB }, seed).pass(240);
      const several = run.wanted.map((wanted) => wanted > 1);
      const share = (from: number, to: number): number =>
        several.slice(from, to).filter(Boolean).length / several.slice(from, to).length;
      expect(share(0, 240), `seed ${seed}`).toBeLessThan(0.4);
      expect(share(480, 960), `seed ${seed}`).toBeLessThan(0.1);
    }
  });

  test('a slow path is tried however short it seems', () => {
    const run = new Run({ rttMs: 2, bytesPerSec: (lanes) => lanes * 0.3 * MB }).pass(20);
    expect(run.controller.wanted).toBeGreaterThan(1);
  });

  test('two that share a line come to within a factor of two of each other', () => {
    for (const seed of SEEDS) {
      // Each gets the part of a full line that its lanes have of all, as far as they can use it.
      const runs: Run[] = [];
      const share = (own: number) => (): Path => ({
        rttMs: 40,
        bytesPerSec: (lanes) => {
          const others = runs[1 - own]?.openLanes ?? 1;
          return Math.min(lanes * 0.8 * MB, (4 * MB * lanes) / (lanes + others));
        },
      });
      runs.push(new Run(share(0), seed), new Run(share(1), seed + 100));
      runs[0]?.pass(5); // It had a start.
      const before = runs[0]?.bytes ?? 0;
      for (let tick = 0; tick < 480; tick++) for (const run of runs) run.pass(TICK_MS / 1000);
      const [one, two] = [(runs[0]?.bytes ?? 0) - before, runs[1]?.bytes ?? 0];
      expect(Math.max(one, two) / Math.min(one, two), `seed ${seed}`).toBeLessThan(2);
    }
  });

  test('lanes go back where there is not enough to send', () => {
    const run = new Run({ rttMs: 50, bytesPerSec: (lanes) => lanes * 0.8 * MB }).pass(15);
    expect(run.controller.wanted).toBe(MAX_LANES);
    run.pass(60, true);
    expect(run.controller.wanted).toBe(1);
  });

  test('after a lane was lost it does with those that are left, and asks for more only later', () => {
    const run = new Run({ rttMs: 50, bytesPerSec: (lanes) => lanes * 0.8 * MB }).pass(15);
    run.openLanes = 7;
    run.controller.laneLost(run.nowMs, 7);
    run.pass(5);
    expect(Math.max(...run.wanted.slice(-20))).toBe(7);
    run.pass(15);
    expect(run.controller.wanted).toBe(MAX_LANES);
  });

  test('lanes that cannot be opened are not waited for', () => {
    const run = new Run({ rttMs: 50, bytesPerSec: () => 0.8 * MB });
    run.canOpen = false;
    run.pass(10);
    expect(Math.max(...run.wanted)).toBe(4);
    expect(run.controller.wanted).toBe(1);
  });
});
