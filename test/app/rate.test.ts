import { expect, test } from 'vitest';
import { RateMeter } from '../../src/app/rate.ts';

test('says nothing before it means something', () => {
  const rate = new RateMeter();
  expect(rate.bytesPerSec(0)).toBeUndefined();
  rate.add(0, 0);
  rate.add(1_000_000, 100);
  expect(rate.bytesPerSec(100)).toBeUndefined();
  expect(rate.secondsLeft(5, 100)).toBeUndefined();
});

test('a steady stream has its own speed and an exact time left', () => {
  const rate = new RateMeter();
  for (let ms = 0; ms <= 2_000; ms += 100) rate.add(ms * 1_000, ms);
  expect(rate.bytesPerSec(2_000)).toBeCloseTo(1_000_000, 3);
  expect(rate.secondsLeft(4_000_000, 2_000)).toBeCloseTo(4, 6);
});

test('follows a change of speed within a few seconds', () => {
  const rate = new RateMeter();
  for (let ms = 0; ms <= 5_000; ms += 100) rate.add(ms * 1_000, ms);
  for (let ms = 5_100; ms <= 17_000; ms += 100) rate.add(5_000_000 + (ms - 5_000) * 100, ms);
  const speed = rate.bytesPerSec(17_000) ?? 0;
  expect(speed).toBeGreaterThan(100_000);
  expect(speed).toBeLessThan(120_000);
});

test('a stall gives no time left instead of an endless one', () => {
  const rate = new RateMeter();
  rate.add(0, 0);
  for (let ms = 100; ms <= 120_000; ms += 100) rate.add(50, ms);
  expect(rate.secondsLeft(1_000, 120_000)).toBeUndefined();
});
