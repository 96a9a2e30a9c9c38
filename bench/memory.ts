import { mkdir, open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BrowserKind, LaunchOptions } from '../test/support/browsers.ts';
import { AppBench } from './support/app-run.ts';
import { readCount, readCounts } from './support/args.ts';
import { type BenchRow, roundTo } from './support/bench.ts';
import { type BrowserPair, choosePairs, launchPair } from './support/browser-pair.ts';
import { type MemoryUse, MemorySampler } from './support/memory-sampler.ts';
import { makeStalledApp } from './support/stalled-disk.ts';

const MB = 1_000_000;
const MIB = 1024 * 1024;
/** Each engine in each role. */
const DEFAULT_PAIRS: readonly string[] = ['chromium-firefox', 'firefox-chromium'];
const WARM_UP_MEGABYTES = 100;
const TRANSFER_TIMEOUT_MS = 60 * 60_000;
/** Left free on the disk beside what a run writes. */
const SPARE_BYTES = 1000 * MB;

/** No processes in reserve: when the browser starts one has nothing to do with what the page does. */
function withoutReserve(kind: BrowserKind): LaunchOptions {
  return kind === 'firefox'
    ? { prefs: { 'dom.ipc.processPrelaunch.enabled': false } }
    : { args: ['--disable-features=SpareRendererForSitePerProcess'] };
}

/**
 * The most memory that both browsers take while they send and receive, from the receiver's consent until both have
 * verified; for several sizes, and for a receiver whose disk does not answer for a minute. It should be the same each
 * time. One pair of browsers does it all, after a transfer that is not counted: how much a browser takes for itself
 * differs by 200 MB from start to start.
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

  const afterBytes = Math.floor((stalledMegabytes * MB) / 4);
  const app = await AppBench.open();
  const stalledApp = await AppBench.open((built) => makeStalledApp(built, afterBytes, stallMs)).catch(
    async (error: unknown) => {
      await app.close();
      throw error;
    },
  );
  try {
    const rows: BenchRow[] = [];
    for (const kinds of pairs) {
      const pair = await launchPair(kinds, withoutReserve);
      try {
        await measure(app, pair, WARM_UP_MEGABYTES);
        for (const megabytes of sizes) rows.push((await measure(app, pair, megabytes)).row);
        const { row, tookMs } = await measure(stalledApp, pair, stalledMegabytes);
        if (tookMs < stallMs) throw new Error(`${pair.name}: over in ${tookMs} ms, so the disk has not stalled`);
        rows.push({ ...row, stalled: true });
      } finally {
        await pair.close();
      }
    }
    return rows;
  } finally {
    await Promise.all([app.close(), stalledApp.close()]);
  }
}

async function measure(app: AppBench, pair: BrowserPair, megabytes: number) {
  const path = await makeSparseFile(app.folder, `${megabytes}.bin`, megabytes * MB);
  const sampler = new MemorySampler(
    () => pair.sender.pids(),
    () => pair.receiver.pids(),
  );
  try {
    const tookMs = await app.send(pair, [path], TRANSFER_TIMEOUT_MS, () => sampler.start());
    const row = memoryRow(pair.name, megabytes, sampler.first, sampler.peaks);
    console.log(
      `${row.pair}, ${megabytes} MB in ${Math.round(tookMs / 1000)} s: ${row.beforeMB} MB, at most ${row.peakMB} MB`,
    );
    return { row, tookMs };
  } finally {
    sampler.stop();
    await rm(path, { force: true });
  }
}

/** `beforeMB`: both, when the receiver consented; the other figures: the most until both had verified. */
export function memoryRow(pair: string, megabytes: number, before: MemoryUse, peaks: MemoryUse) {
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
