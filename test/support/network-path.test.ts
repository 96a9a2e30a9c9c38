import { describe, expect, test } from 'vitest';
import { NetworkPath } from './network-path.ts';

function enterAll(path: NetworkPath, count: number, everyMs = 1): readonly (number | undefined)[] {
  return Array.from({ length: count }, (_, i) => path.enter(1000, i * everyMs));
}

/** Which of 20 000 packets are lost at 1 %. */
function lostBy(seed: number): readonly number[] {
  const path = new NetworkPath({ delayMs: 0, lossRate: 0.01 }, seed);
  return enterAll(path, 20_000).flatMap((at, i) => (at === undefined ? [i] : []));
}

describe('NetworkPath', () => {
  test('delays every packet by the same time', () => {
    const path = new NetworkPath({ delayMs: 25, lossRate: 0 }, 1);
    expect(enterAll(path, 3)).toEqual([25, 26, 27]);
  });

  test('loses about as many as it should, the same ones for the same seed', () => {
    expect(lostBy(7)).toEqual(lostBy(7));
    expect(lostBy(7)).not.toEqual(lostBy(8));
    expect(lostBy(7).length).toBeGreaterThan(140);
    expect(lostBy(7).length).toBeLessThan(260);
  });

  test('lets no more through than the rate, and drops what the queue cannot hold', () => {
    const path = new NetworkPath({ delayMs: 10, lossRate: 0, rateBytesPerSec: 100_000, queueBytes: 3000 }, 1);
    // 1000 bytes take 10 ms; all come at once.
    expect(enterAll(path, 5, 0)).toEqual([20, 30, 40, undefined, undefined]);
    // 30 ms later the line is free again.
    expect(path.enter(1000, 30)).toBe(50);
  });

  test('nothing gets through a blackout, and everything does after it', () => {
    const path = new NetworkPath({ delayMs: 5, lossRate: 0, isBlackout: true }, 1);
    expect(path.enter(100, 0)).toBeUndefined();
    path.conditions = { delayMs: 5, lossRate: 0 };
    expect(path.enter(100, 1)).toBe(6);
  });

  test('no packet overtakes another when the delay falls', () => {
    const path = new NetworkPath({ delayMs: 100, lossRate: 0 }, 1);
    expect(path.enter(100, 0)).toBe(100);
    path.conditions = { delayMs: 1, lossRate: 0 };
    expect(path.enter(100, 1)).toBe(100);
    expect(path.enter(100, 200)).toBe(201);
  });
});
