/**
 * What takes too long for `npm test`.
 *
 *   npm run soak -- pairing [--wait SECONDS] [--mdns]   second reading SECONDS (default 300) after the first, in every
 *                                                       pairing and order; prints a table
 *   npm run soak -- connections [--count N]             N (default 50) connections in a row per pairing, 5 MB each way
 *   npm run soak -- --kills N [--seed N] [--victim sender|receiver]
 *                                                       N kills of a browser in mid-transfer, spread over the pairings;
 *                                                       each comes back on its profile; prints what a kill cost
 */
import { PAIRS, type Pair } from '../test/support/browsers.ts';
import { buildApp, buildPage, pairPageFolder } from '../test/support/build-pages.ts';
import { BOTH_IN_TURN, type CrashPlan, formatKill, runCrashes } from '../test/support/crash-run.ts';
import { PairSoak } from '../test/support/pair-soak.ts';

const BYTES = 5_000_000;

const USAGE = `usage: npm run soak -- pairing [--wait SECONDS] [--mdns]
                       connections [--count N]
                       --kills N [--seed N] [--victim sender|receiver]`;

async function main(all: readonly string[]): Promise<void> {
  if (all.includes('--kills')) return crashes(all);
  const [name, ...args] = all;
  await buildPage('test/pages/pair', pairPageFolder);
  switch (name ?? '') {
    case 'pairing':
      return pairing(numberAfter(args, '--wait', 300), args.includes('--mdns'));
    case 'connections':
      return connections(numberAfter(args, '--count', 50));
    default:
      throw new Error(USAGE);
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

/** As evenly over the pairings as N allows. */
async function crashes(args: readonly string[]): Promise<void> {
  const total = numberAfter(args, '--kills', 0);
  const seed = numberAfter(args, '--seed', Date.now() % 100_000);
  const roles = victims(args);
  await buildApp();
  const costs: number[] = [];
  for (const [i, pair] of PAIRS.entries()) {
    const kills = Math.floor((total + PAIRS.length - 1 - i) / PAIRS.length);
    if (kills === 0) continue;
    const plan: CrashPlan = {
      pair,
      kills,
      roles,
      seed: seed + i,
      onKill: (kill) => console.log(formatKill(plan, kill)),
    };
    try {
      costs.push(...(await runCrashes(plan)).map(({ resentBytes }) => resentBytes / 1_000_000));
    } catch (error) {
      // The others still tell something; the message has the seed.
      process.exitCode = 1;
      console.error(`FAILED: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (costs.length < total) console.log(`${total - costs.length} of ${total} kills are missing`);
  if (costs.length === 0) return;
  const mean = costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
  console.log(
    `${costs.length} kills survived, every file whole; sent again per kill: ${mean.toFixed(1)} MB on average, ${Math.max(...costs).toFixed(1)} MB at most`,
  );
}

function victims(args: readonly string[]): CrashPlan['roles'] {
  const at = args.indexOf('--victim');
  if (at === -1) return BOTH_IN_TURN;
  const role = args[at + 1];
  if (role !== 'sender' && role !== 'receiver')
    throw new Error(`--victim: wanted sender or receiver, got ${String(role)}`);
  return [role];
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
