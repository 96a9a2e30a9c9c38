import { describe, expect, test } from 'vitest';
import { resentBytes } from './resent-bytes.ts';

describe('resentBytes', () => {
  test('is what a receiver lost, and what never reached it', () => {
    // 40 of 100 travelled, and 30 were there after the kill.
    const lives = [
      { travelled: 40, held: 0 },
      { travelled: 70, held: 30 },
    ];
    expect(resentBytes(lives)).toEqual([10]);
  });

  test('adds up to all that travelled beyond the size, over several kills', () => {
    const size = 100;
    const lives = [
      { travelled: 25, held: 0 },
      { travelled: 60, held: 20 },
      // The second kill cost nothing: what was on its way was found on the disk.
      { travelled: 20, held: 80 },
    ];
    expect(resentBytes(lives)).toEqual([5, 0]);
    const travelled = lives.reduce((sum, life) => sum + life.travelled, 0);
    expect(resentBytes(lives).reduce((sum, cost) => sum + cost, 0)).toBe(travelled - size);
  });

  test('nothing was killed', () => {
    expect(resentBytes([{ travelled: 100, held: 0 }])).toEqual([]);
    expect(resentBytes([])).toEqual([]);
  });
});
