import { describe, expect, test } from 'vitest';
import { readCount, readCounts } from './args.ts';

describe('options', () => {
  test('a count is a whole number within its bounds', () => {
    expect(readCount('--runs', '5', 100)).toBe(5);
    expect(readCount('--runs', '100', 100)).toBe(100);
    for (const text of ['0', '101', '-1', '2.5', 'five', '', 'NaN', 'Infinity']) {
      expect(() => readCount('--runs', text, 100), text).toThrow(`--runs: wanted 1 to 100, got ${text}`);
    }
  });

  test('several counts are separated by commas, and each is checked', () => {
    expect(readCounts('--sizes', '100,1000,4000', 10_000)).toEqual([100, 1000, 4000]);
    expect(readCounts('--sizes', '7', 10_000)).toEqual([7]);
    for (const text of ['', '100,', '100,,4000', '100;1000', '100,10001']) {
      expect(() => readCounts('--sizes', text, 10_000), text).toThrow('--sizes: wanted 1 to 10000');
    }
  });
});
