import { parseArgs } from 'node:util';
import { DEFAULT_OPTIONS } from '../src/core/transfer/options.ts';
import { makeFile } from '../test/support/files.ts';
import { AppBench } from './support/app-run.ts';
import { readCount } from './support/args.ts';
import { type BenchRow, median, roundTo } from './support/bench.ts';
import { choosePairs, launchPair } from './support/browser-pair.ts';
import { runRaw, servePump } from './support/raw-run.ts';

const TRANSFER_TIMEOUT_MS = 30 * 60_000;

/**
 * How fast the app is, as a ratio to what the same two browsers can do at all. Raw pump and app take turns in the same
 * browsers, and in going first, so that whatever else the machine does meanwhile slows both; the medians are compared.
 */
export async function benchThroughput(args: readonly string[]): Promise<readonly BenchRow[]> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      pair: { type: 'string' },
      megabytes: { type: 'string', default: '500' },
      // The same, shorter.
      mb: { type: 'string' },
      runs: { type: 'string', default: '5' },
      // What the app sends at most, so that both are asked the same.
      'message-kib': { type: 'string', default: String(DEFAULT_OPTIONS.frameBytes / 1024) },
      'raw-only': { type: 'boolean', default: false },
    },
  });
  const pairs = choosePairs(values.pair);
  const totalBytes = readCount('--megabytes', values.mb ?? values.megabytes, 10_000) * 1_000_000;
  const runs = readCount('--runs', values.runs, 100);
  const messageBytes = readCount('--message-kib', values['message-kib'], 256) * 1024;

  const server = await servePump();
  const app = values['raw-only'] ? undefined : await AppBench.open();
  try {
    const file = app === undefined ? undefined : await makeFile(app.folder, 'bench.bin', totalBytes);
    const rows: BenchRow[] = [];
    for (const kinds of pairs) {
      const pair = await launchPair(kinds);
      try {
        const raw = (): Promise<number> => runRaw(pair, server.url, totalBytes, messageBytes);
        const whole =
          app === undefined || file === undefined
            ? undefined
            : async () => totalBytes / 1000 / (await app.send(pair, [file.path], TRANSFER_TIMEOUT_MS));
        rows.push(await measurePair(pair.name, raw, whole, runs));
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
  name: string,
  raw: () => Promise<number>,
  app: (() => Promise<number>) | undefined,
  runs: number,
): Promise<BenchRow> {
  const rawMBps: number[] = [];
  const appMBps: number[] = [];
  for (let run = 1; run <= runs; run++) {
    const isRawFirst = run % 2 === 1;
    if (isRawFirst) rawMBps.push(await raw());
    if (app !== undefined) appMBps.push(await app());
    if (!isRawFirst) rawMBps.push(await raw());
    console.log(`${name} run ${run}: raw ${format(rawMBps.at(-1))}, app ${format(appMBps.at(-1))} MB/s`);
  }
  const rawMedian = median(rawMBps);
  const appMedian = appMBps.length === 0 ? null : median(appMBps);
  return {
    pair: name,
    rawMBps: roundTo(rawMedian, 4),
    appMBps: appMedian === null ? null : roundTo(appMedian, 4),
    ratio: appMedian === null ? null : roundTo(appMedian / rawMedian, 3),
  };
}

function format(value: number | undefined): string {
  return value === undefined ? '-' : value.toFixed(1);
}
