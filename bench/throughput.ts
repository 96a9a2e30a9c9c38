import { parseArgs } from 'node:util';
import { DEFAULT_OPTIONS } from '../src/core/transfer/options.ts';
import { type AppBench, prepareApp } from './support/app-run.ts';
import { type BenchRow, median, roundTo } from './support/bench.ts';
import { type BrowserPair, choosePairs, launchPair } from './support/browser-pair.ts';
import { runRaw, servePump } from './support/raw-run.ts';

/**
 * How fast the app is, as a ratio to what the same two browsers can do at all. Raw pump and app take turns in the same
 * browsers, so that whatever else the machine does meanwhile slows both; the medians are compared.
 */
export async function benchThroughput(args: readonly string[]): Promise<readonly BenchRow[]> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      pair: { type: 'string' },
      mb: { type: 'string', default: '200' },
      runs: { type: 'string', default: '3' },
      // What the app sends at most, so that both are asked the same.
      'message-kib': { type: 'string', default: String(DEFAULT_OPTIONS.frameBytes / 1024) },
      'raw-only': { type: 'boolean', default: false },
    },
  });
  const pairs = choosePairs(values.pair);
  const totalBytes = readCount('--mb', values.mb, 10_000) * 1_000_000;
  const runs = readCount('--runs', values.runs, 100);
  const messageBytes = readCount('--message-kib', values['message-kib'], 256) * 1024;

  const server = await servePump();
  const app = values['raw-only'] ? undefined : await prepareApp(totalBytes);
  try {
    const rows: BenchRow[] = [];
    for (const kinds of pairs) {
      const pair = await launchPair(kinds);
      try {
        const raw = (): Promise<number> => runRaw(pair, server.url, totalBytes, messageBytes);
        rows.push(await measurePair(pair, raw, app, runs));
      } finally {
        await pair.close();
      }
    }
    return rows;
  } finally {
    await server.stop();
    await app?.close();
  }
}

async function measurePair(
  pair: BrowserPair,
  raw: () => Promise<number>,
  app: AppBench | undefined,
  runs: number,
): Promise<BenchRow> {
  const rawMBps: number[] = [];
  const appMBps: number[] = [];
  for (let run = 1; run <= runs; run++) {
    rawMBps.push(await raw());
    if (app !== undefined) appMBps.push(await app.run(pair));
    console.log(`${pair.name} run ${run}: raw ${format(rawMBps.at(-1))}, app ${format(appMBps.at(-1))} MB/s`);
  }
  const rawMedian = median(rawMBps);
  const appMedian = appMBps.length === 0 ? null : median(appMBps);
  return {
    pair: pair.name,
    rawMBps: roundTo(rawMedian, 4),
    appMBps: appMedian === null ? null : roundTo(appMedian, 4),
    ratio: appMedian === null ? null : roundTo(appMedian / rawMedian, 3),
  };
}

function format(value: number | undefined): string {
  return value === undefined ? '-' : value.toFixed(1);
}

function readCount(option: string, text: string, most: number): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > most) {
    throw new Error(`${option}: wanted 1 to ${most}, got ${text}`);
  }
  return count;
}
