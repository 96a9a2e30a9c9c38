import { assert, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatBytes, formatDuration, formatPercent, formatSpeed } from '../../src/ui/format.ts';

/** Intl separates number and unit with spaces of several kinds. */
function plain(text: string): string {
  return text.replaceAll(/\s/g, ' ');
}

describe('sizes', () => {
  test.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1 kB'],
    [1_048_576, '1.05 MB'],
    [999_949, '1 MB'],
    [999_499, '999 kB'],
    [4_812_331, '4.81 MB'],
    [200_000_000, '200 MB'],
    [1_300_000_000, '1.3 GB'],
    [2_500_000_000_000, '2.5 TB'],
  ])('%d bytes are %s', (bytes, shown) => {
    expect(plain(formatBytes(bytes, 'en'))).toBe(shown);
  });

  test('follow the language', () => {
    expect(plain(formatBytes(4_812_331, 'de'))).toBe('4,81 MB');
    expect(plain(formatBytes(1_300_000_000, 'fr'))).toBe('1,3 Go');
  });

  test('never need four digits before the unit, up to the largest file a browser knows', () => {
    assert(
      property(integer({ min: 0, max: 999_000_000_000_000 }), (bytes) => {
        expect(formatBytes(bytes, 'en')).toMatch(/^\d{1,3}(\.\d{1,2})?\s\S+$/);
      }),
    );
  });
});

test('a speed is a size per second', () => {
  expect(plain(formatSpeed(21_400_000, 'en'))).toBe('21.4 MB/s');
});

describe('durations', () => {
  test.each([
    [0, '1 second'],
    [0.4, '1 second'],
    [1.4, '1 second'],
    [35.2, '35 seconds'],
    [59.4, '59 seconds'],
    [59.6, '1 minute'],
    [90, '2 minutes'],
    [3570, '1 hour'],
    [3600, '1 hour'],
    [3660, '1 hour 1 minute'],
    [7199, '2 hours'],
    [9000, '2 hours 30 minutes'],
  ])('%d s are %s', (seconds, shown) => {
    expect(plain(formatDuration(seconds, 'en'))).toBe(shown);
  });

  test('never show sixty of a unit', () => {
    for (const seconds of [59.5, 59.9, 3569, 3570, 3599.5, 7169, 7170, 7199.9, 10_790, 86_399]) {
      expect(plain(formatDuration(seconds, 'en'))).not.toMatch(/\b60 /);
    }
  });
});

describe('percentages', () => {
  test('are rounded down, so that 100 % means all of it', () => {
    expect(plain(formatPercent(0.9999, 'en'))).toBe('99%');
    expect(plain(formatPercent(1 - 1e-12, 'en'))).toBe('99%');
    expect(plain(formatPercent(1, 'en'))).toBe('100%');
    expect(plain(formatPercent(0, 'en'))).toBe('0%');
  });

  test('survive what binary fractions do to decimal ones', () => {
    for (let percent = 0; percent <= 100; percent++) {
      expect(plain(formatPercent(percent / 100, 'en'))).toBe(`${percent}%`);
    }
  });
});
