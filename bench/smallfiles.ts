import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeFile } from '../test/support/files.ts';
import { AppBench } from './support/app-run.ts';
import { readCount } from './support/args.ts';
import { type BenchRow, median, roundTo } from './support/bench.ts';
import { choosePairs, launchPair } from './support/browser-pair.ts';

const FILE_BYTES = 4096;
const TRANSFER_TIMEOUT_MS = 10 * 60_000;

/**
 * What many small files cost, beside one file of the same bytes. Both take turns in the same browsers; the medians are
 * compared. From the receiver's consent until both have verified everything; choosing the files is not in it.
 */
export async function benchSmallFiles(args: readonly string[]): Promise<readonly BenchRow[]> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      pair: { type: 'string' },
      files: { type: 'string', default: '10000' },
      runs: { type: 'string', default: '5' },
    },
  });
  const pairs = choosePairs(values.pair);
  const fileCount = readCount('--files', values.files, 100_000);
  const runs = readCount('--runs', values.runs, 100);

  const app = await AppBench.open();
  try {
    const small = await makeSmallFiles(join(app.folder, 'small'), fileCount);
    const one = await makeFile(app.folder, 'one.bin', fileCount * FILE_BYTES);
    const rows: BenchRow[] = [];
    for (const kinds of pairs) {
      const pair = await launchPair(kinds);
      const smallMs: number[] = [];
      const oneMs: number[] = [];
      try {
        for (let run = 1; run <= runs; run++) {
          const isSmallFirst = run % 2 === 1;
          if (isSmallFirst) smallMs.push(await app.send(pair, small, TRANSFER_TIMEOUT_MS));
          oneMs.push(await app.send(pair, [one.path], TRANSFER_TIMEOUT_MS));
          if (!isSmallFirst) smallMs.push(await app.send(pair, small, TRANSFER_TIMEOUT_MS));
          console.log(`${pair.name} run ${run}: ${fileCount} files ${smallMs.at(-1)} ms, one file ${oneMs.at(-1)} ms`);
        }
      } finally {
        await pair.close();
      }
      rows.push(smallFilesRow(pair.name, fileCount, smallMs, oneMs));
    }
    return rows;
  } finally {
    await app.close();
  }
}

/** `ratio`: 1 is as fast as one file of the same bytes. */
export function smallFilesRow(
  pair: string,
  fileCount: number,
  smallMs: readonly number[],
  oneMs: readonly number[],
): { readonly pair: string; readonly filesPerSecond: number; readonly ratio: number } {
  const medianMs = median(smallMs);
  return {
    pair,
    filesPerSecond: roundTo(fileCount / (medianMs / 1000), 4),
    ratio: roundTo(median(oneMs) / medianMs, 3),
  };
}

/** A few at a time: each is a file of its own to open. */
async function makeSmallFiles(folder: string, count: number): Promise<readonly string[]> {
  const paths: string[] = [];
  for (let first = 0; first < count; first += 100) {
    const names = Array.from({ length: Math.min(100, count - first) }, (_, i) => `${first + i}.bin`);
    const made = await Promise.all(names.map((name) => makeFile(folder, name, FILE_BYTES)));
    paths.push(...made.map(({ path }) => path));
  }
  return paths;
}
