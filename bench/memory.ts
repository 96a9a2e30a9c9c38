import { mkdir, open, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Pair } from '../test/support/browsers.ts';
import { AppBench } from './support/app-run.ts';
import { readCount, readCounts } from './support/args.ts';
import { type BenchRow, roundTo } from './support/bench.ts';
import { choosePairs, launchPair } from './support/browser-pair.ts';
import { type MemoryPeaks, MemorySampler } from './support/memory-sampler.ts';
import { makeStalledApp } from './support/stalled-disk.ts';

const MB = 1_000_000;
const MIB = 1024 * 1024;
/** Each engine in each role. */
const DEFAULT_PAIRS: readonly string[] = ['chromium-firefox', 'firefox-chromium'];
const TRANSFER_TIMEOUT_MS = 60 * 60_000;
/** Left free on the disk beside what a run writes. */
const SPARE_BYTES = 1000 * MB;

/**
 * The most memory that both browsers take while they send and receive, from before they are connected until both have
 * verified; fresh browsers for each size. It has to be the same for any size, and for a receiver whose disk does not
 * answer for a minute.
 */
export async function benchMemory(args: readonly string[]): Promise<readonly BenchRow[]> {
  if (process.platform !== 'linux') throw new Error('memory of processes is read from /proc, which only Linux has');
  const { values } = parseArgs({
    args: [...args],
    options: {
      pair: { type: 'string' },
      sizes: { type: 'string', default: '100,1000,4000' },
      'stalled-megabytes': { type: 'string', default: '400' },
      'stall-seconds': { type: 'string', default: '60' },
    },
  });
  const pairs = values.pair === undefined ? DEFAULT_PAIRS.flatMap(choosePairs) : choosePairs(values.pair);
  const sizes = readCounts('--sizes', values.sizes, 100_000);
  const stalledMegabytes = readCount('--stalled-megabytes', values['stalled-megabytes'], 100_000);
  const stallMs = readCount('--stall-seconds', values['stall-seconds'], 3600) * 1000;
  await checkRoom(Math.max(...sizes, stalledMegabytes) * MB);

  const rows: BenchRow[] = [];
  const app = await AppBench.open();
  try {
    for (const kinds of pairs) for (const megabytes of sizes) rows.push((await measure(app, kinds, megabytes)).row);
  } finally {
    await app.close();
  }
  const afterBytes = Math.floor((stalledMegabytes * MB) / 4);
  const stalled = await AppBench.open((built) => makeStalledApp(built, afterBytes, stallMs));
  try {
    for (const kinds of pairs) {
      const { row, tookMs } = await measure(stalled, kinds, stalledMegabytes);
      if (tookMs < stallMs) throw new Error(`${row.pair}: over in ${tookMs} ms, so the disk has not stalled`);
      rows.push({ ...row, stalled: true });
    }
  } finally {
    await stalled.close();
  }
  return rows;
}

async function measure(app: AppBench, kinds: Pair, megabytes: number) {
  const path = await makeSparseFile(app.folder, `${megabytes}.bin`, megabytes * MB);
  const pair = await launchPair(kinds);
  try {
    const sampler = new MemorySampler(
      () => pair.sender.pids(),
      () => pair.receiver.pids(),
    );
    sampler.start();
    let before: MemoryPeaks | undefined;
    const tookMs = await app
      .send(pair, [path], TRANSFER_TIMEOUT_MS, () => {
        before = sampler.peaks;
      })
      .finally(() => sampler.stop());
    const row = memoryRow(pair.name, megabytes, before ?? sampler.peaks, sampler.peaks);
    console.log(`${row.pair}, ${megabytes} MB: ${row.peakMB} MB at most, after ${row.beforeMB} MB`);
    return { row, tookMs };
  } finally {
    await pair.close();
  }
}

/** `beforeMB`: the most until the receiver consented; the other figures, until both had verified. */
export function memoryRow(pair: string, megabytes: number, before: MemoryPeaks, peaks: MemoryPeaks) {
  return {
    pair,
    megabytes,
    peakMB: inMB(peaks.both),
    beforeMB: inMB(before.both),
    senderMB: inMB(peaks.sender),
    receiverMB: inMB(peaks.receiver),
  };
}

function inMB(bytes: number): number {
  return roundTo(bytes / MB, 4);
}

/**
 * A file that takes hardly any disk: zeros, but for the number of the block at the beginning of each, so that no two
 * blocks are alike.
 */
async function makeSparseFile(folder: string, name: string, sizeBytes: number): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, name);
  const file = await open(path, 'w');
  try {
    await file.truncate(sizeBytes);
    const mark = Buffer.alloc(8);
    for (let offset = 0; offset + mark.length <= sizeBytes; offset += MIB) {
      mark.writeBigUInt64BE(BigInt(offset / MIB + 1));
      await file.write(mark, 0, mark.length, offset);
    }
  } finally {
    await file.close();
  }
  return path;
}

/** What was received is on the disk in full. @throws Error that says how much is missing */
async function checkRoom(receivedBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(tmpdir());
  const missingBytes = receivedBytes + SPARE_BYTES - bavail * bsize;
  if (missingBytes <= 0) return;
  throw new Error(`${tmpdir()} has too little room: ${Math.ceil(missingBytes / MB)} MB more are needed; see --sizes`);
}
