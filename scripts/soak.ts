/**
 * What takes too long for `npm test`.
 *
 *   npm run soak -- pairing [--wait SECONDS] [--mdns]   second reading SECONDS (default 300) after the first, in every
 *                                                       pairing and order; prints a table
 *   npm run soak -- connections [--count N]             N (default 50) connections in a row per pairing, 5 MB each way
 */
import { PAIRS, type Pair } from '../test/support/browsers.ts';
import { buildPage, pairPageFolder } from '../test/support/build-pages.ts';
import { PairSoak } from '../test/support/pair-soak.ts';

const BYTES = 5_000_000;

async function main([name, ...args]: readonly string[]): Promise<void> {
  await buildPage('test/pages/pair', pairPageFolder);
  switch (name ?? '') {
    case 'pairing':
      return pairing(numberAfter(args, '--wait', 300), args.includes('--mdns'));
    case 'connections':
      return connections(numberAfter(args, '--count', 50));
    default:
      throw new Error('usage: npm run soak -- pairing [--wait SECONDS] [--mdns] | connections [--count N]');
  }
}

function numberAfter(args: readonly string[], option: string, otherwise: number): number {
  const at = args.indexOf(option);
  if (at === -1) return otherwise;
  const value = Number(args[at + 1]);
  if (!Number.isFinite(value) || value < 0) throw new Error(`${option}: wanted a number, got ${String(args[at + 1])}`);
  return value;
}

/** All at once: they only wait. */
async function pairing(waitSeconds: number, mdns: boolean): Promise<void> {
  const runs = PAIRS.flatMap((pair) => ([0, 1] as const).map((first) => ({ pair, first })));
  const rows = await Promise.all(
    runs.map(async ({ pair, first }) => {
      const soak = await PairSoak.launch(pair, { mdns });
      try {
        return `${`${pair.join(' and ')}, ${pair[first]} (${first + 1}) reads first`.padEnd(52)} ${await soak.connect(first, waitSeconds * 1000, BYTES)} ms`;
      } catch (error) {
        process.exitCode = 1;
        return `${pair.join(' and ')}, ${pair[first]} (${first + 1}) reads first: FAILED: ${String(error)}`;
      } finally {
        await soak.close();
      }
    }),
  );
  console.log(
    `second reading after ${waitSeconds} s, ${mdns ? 'mDNS names' : 'plain addresses'}; from it to open channels:`,
  );
  for (const row of rows) console.log(row);
}

async function connections(count: number): Promise<void> {
  for (const pair of PAIRS) console.log(`${pair.join(' and ')}: ${await openedIn(pair, count)}`);
}

async function openedIn(pair: Pair, count: number): Promise<string> {
  const soak = await PairSoak.launch(pair, { mdns: false });
  const times: number[] = [];
  try {
    for (let i = 0; i < count; i++) times.push(await soak.connect(i % 2 === 0 ? 0 : 1, 0, BYTES));
  } finally {
    await soak.close();
  }
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(count - 1, Math.floor(count * share))] ?? NaN;
  return `${count} of ${count} carried ${BYTES} bytes each way; open after ${at(0.5)} ms (median), ${at(0.95)} ms (p95)`;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
