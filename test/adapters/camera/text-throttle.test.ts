import { expect, test } from 'vitest';
import { TextThrottle } from '../../../src/adapters/camera/text-throttle.ts';

test('admits the same text once a second, counted from when it was admitted', () => {
  const throttle = new TextThrottle();
  const admitted = [0, 10, 999, 1_000, 1_500, 1_999, 2_000].filter((nowMs) => throttle.admits('a', nowMs));
  expect(admitted).toEqual([0, 1_000, 2_000]);
});

test('admits another text at once, and the first one no sooner for it', () => {
  const throttle = new TextThrottle();
  const admitted = [
    ['a', 0],
    ['b', 50],
    ['a', 100],
    ['b', 150],
    ['a', 1_000],
    ['b', 1_000],
    ['b', 1_050],
  ] as const;
  expect(admitted.filter(([text, nowMs]) => throttle.admits(text, nowMs))).toEqual([
    ['a', 0],
    ['b', 50],
    ['a', 1_000],
    ['b', 1_050],
  ]);
});
