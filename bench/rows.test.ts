import { expect, test } from 'vitest';
import { memoryRow } from './memory.ts';
import { smallFilesRow } from './smallfiles.ts';
import { MemorySampler } from './support/memory-sampler.ts';
import { chooseCells } from './wan.ts';

test('many small files: the medians, as files per second and as a ratio to one file', () => {
  const row = smallFilesRow('chromium-firefox', 10_000, [4000, 9000, 5000], [2000, 2500, 9000]);
  expect(row).toEqual({ pair: 'chromium-firefox', filesPerSecond: 2000, ratio: 0.5 });
});

test('memory: peaks in MB, the sum of both browsers at one moment', () => {
  const before = { sender: 200_000_000, receiver: 300_000_000, both: 500_000_000 };
  const peaks = { sender: 250_400_000, receiver: 350_000_000, both: 590_000_000 };
  expect(memoryRow('firefox-chromium', 4000, before, peaks)).toEqual({
    pair: 'firefox-chromium',
    megabytes: 4000,
    peakMB: 590,
    beforeMB: 500,
    senderMB: 250.4,
    receiverMB: 350,
  });
});

test('the sampler keeps the most of each side, and the most of both together', () => {
  const looks = [
    [10, 1],
    [7, 7],
    [1, 10],
  ];
  let look = -1;
  const read = ([side]: readonly number[]): number => looks[look]?.[side ?? 0] ?? 0;
  const sampler = new MemorySampler(
    () => {
      look++;
      return [0];
    },
    () => [1],
    read,
  );
  for (const _ of looks) sampler.sample();
  expect(sampler.first).toEqual({ sender: 10, receiver: 1, both: 11 });
  expect(sampler.peaks).toEqual({ sender: 10, receiver: 10, both: 14 });
});

test('wan: the whole table, or a part of it', () => {
  expect(chooseCells(undefined, undefined)).toHaveLength(12);
  expect(chooseCells('50', undefined).map(({ lossPercent }) => lossPercent)).toEqual([0, 0.1, 1]);
  expect(chooseCells('50', '0.1')).toEqual([{ rttMs: 50, lossPercent: 0.1 }]);
  for (const text of ['', '-1', 'x', 'NaN']) expect(() => chooseCells(text, undefined), text).toThrow('--rtt');
  expect(() => chooseCells(undefined, '51')).toThrow('--loss: wanted 0 to 50, got 51');
});
