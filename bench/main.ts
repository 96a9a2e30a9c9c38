/**
 * `npm run bench -- NAME [options] [--json]`. Prints a table; with `--json` the last line is
 * `{"bench":NAME,"rows":[…]}`.
 */
import { type Bench, formatTable, median } from './support/bench.ts';

/** What can be measured, and how a line of help says it. Loaded when asked for: most need browsers, one nothing. */
const BENCHES: Readonly<Record<string, { readonly help: string; load(): Promise<Bench> }>> = {
  tickets: {
    help: 'bytes, text length and QR version of the ticket of every session description in test/vectors/sdp',
    load: async () => {
      const { benchTickets, ticketsByContent } = await import('./tickets.ts');
      return async (args) => {
        if (args.length > 0) throw new Error(`tickets takes no arguments, got ${args.join(' ')}`);
        console.log(`${formatTable(ticketsByContent())}\n`);
        const rows = benchTickets();
        console.log(`median of ${rows.length}: ${median(rows.map(({ bytes }) => bytes))} bytes\n`);
        return rows;
      };
    },
  },
  pairing: {
    help: 'ms from the first picture with a code to "connected", two devices face to face, per pair  [--pair A-B] [--times N]',
    load: async () => (await import('./pairing.ts')).benchPairing,
  },
  reconnect: {
    help: 'ms from a drop, a reload or a crash of the receiver to bytes flowing again, by itself, per pair  [--pair A-B] [--times N] [--cause drop|reload|crash]',
    load: async () => (await import('./reconnect.ts')).benchReconnect,
  },
  throughput: {
    help: 'MB/s of a raw data channel and of the whole app, per pair  [--pair A-B] [--megabytes N] [--runs N] [--message-kib N] [--raw-only]',
    load: async () => (await import('./throughput.ts')).benchThroughput,
  },
  wan: {
    help: 'MB/s with delay and loss: raw data channel, app with one lane, app with lanes  [--rtt MS] [--loss PERCENT] [--seconds N] [--pair A-B] [--seed N]',
    load: async () => (await import('./wan.ts')).benchWan,
  },
  smallfiles: {
    help: 'files of 4 KiB per second, and how that compares to one file of the same bytes, per pair  [--pair A-B] [--files N] [--runs N]',
    load: async () => (await import('./smallfiles.ts')).benchSmallFiles,
  },
  memory: {
    help: 'peak memory of both browsers, for several sizes and for a disk that stalls  [--pair A-B] [--sizes MB,MB,…] [--stalled-megabytes N] [--stall-seconds N]',
    load: async () => (await import('./memory.ts')).benchMemory,
  },
  scan: {
    help: 'rate and ms of reading our codes in camera frames, per adapter, QR version and px per module; first a realistic mix of troubles, then plain, the blur and noise that the goal is set for  [--samples N] [--adapter zxing|jsqr|native] [--condition mix|plain]',
    load: async () => (await import('./scan.ts')).benchScan,
  },
};

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args.filter((arg) => arg !== '--json');
  const bench = name === undefined ? undefined : BENCHES[name];
  if (name === undefined || bench === undefined) {
    console.error(name === undefined ? 'Which bench?' : `There is no bench '${name}'.`);
    console.error('Usage: npm run bench -- NAME [options] [--json]');
    for (const [known, { help }] of Object.entries(BENCHES)) console.error(`  ${known.padEnd(12)} ${help}`);
    return 1;
  }
  const run = await bench.load();
  const rows = await run(rest);
  console.log(formatTable(rows));
  if (args.includes('--json')) console.log(JSON.stringify({ bench: name, rows }));
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
