import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'puppeteer-core';
import { AppDriver, pairByPaste } from '../test/support/app-driver.ts';
import { receiverFigures, tapEngine } from '../test/support/engine-tap.ts';
import { withoutLanes } from '../test/support/lanes-page.ts';
import { throughRelay } from '../test/support/relay-page.ts';
import { UdpRelay } from '../test/support/udp-relay.ts';
import { AppBench } from './support/app-run.ts';
import { readCount } from './support/args.ts';
import { type BenchRow, roundTo } from './support/bench.ts';
import { type BrowserPair, choosePairs, launchPair } from './support/browser-pair.ts';
import { connectPumps, servePump } from './support/raw-run.ts';

const ROUND_TRIPS_MS = [0, 20, 50, 100] as const;
const LOSS_PERCENTS = [0, 0.1, 1] as const;
const MESSAGE_BYTES = 64 * 1024;
/** More than can travel in a cell: no transfer comes to its end while it is measured. */
const MOST_BYTES_PER_SECOND = 100_000_000;
const CONNECT_TIMEOUT_MS = 60_000;

interface Cell {
  readonly rttMs: number;
  readonly lossPercent: number;
}

/**
 * What delay and loss leave of the speed: the raw pump on one connection, the app with its one connection, the app with
 * lanes. All three through a relay on this machine, at 0 ms too, for the same time from their first byte on: what lanes
 * need to be opened and to grow is in it.
 */
export async function benchWan(args: readonly string[]): Promise<readonly BenchRow[]> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      pair: { type: 'string', default: 'chromium-chromium' },
      rtt: { type: 'string' },
      loss: { type: 'string' },
      seconds: { type: 'string', default: '30' },
      seed: { type: 'string', default: '1' },
    },
  });
  const seconds = readCount('--seconds', values.seconds, 600);
  const seed = readCount('--seed', values.seed, 1_000_000);
  const cells = chooseCells(values.rtt, values.loss);
  const [kinds] = choosePairs(values.pair);
  if (kinds === undefined) throw new Error('no pair');

  const pump = await servePump();
  const app = await AppBench.open();
  const pair = await launchPair(kinds);
  try {
    const file = await sparseFile(app.folder, MOST_BYTES_PER_SECOND * seconds);
    const rows: BenchRow[] = [];
    for (const cell of cells) {
      const measure = async (run: (relay: UdpRelay) => Promise<number>): Promise<number> => {
        const conditions = { delayMs: cell.rttMs / 2, lossRate: cell.lossPercent / 100 };
        const relay = new UdpRelay(conditions, { seed });
        try {
          return roundTo((await run(relay)) / 1_000_000 / seconds, 3);
        } finally {
          relay.close();
        }
      };
      const rawMBps = await measure((relay) => rawBytes(pair, pump.url, relay, seconds));
      const oneLaneMBps = await measure((relay) => appBytes(pair, app.url, file, relay, seconds, withoutLanes));
      const lanesMBps = await measure((relay) => appBytes(pair, app.url, file, relay, seconds));
      const row = { ...cell, rawMBps, oneLaneMBps, lanesMBps };
      console.log(JSON.stringify(row));
      rows.push(row);
    }
    return rows;
  } finally {
    await Promise.all([pair.close(), pump.stop(), app.close()]);
  }
}

/** All of the table, one line, one column or one cell of it; other values than the table's are fine. */
export function chooseCells(rtt: string | undefined, loss: string | undefined): readonly Cell[] {
  const rtts = rtt === undefined ? ROUND_TRIPS_MS : [readWithin('--rtt', rtt, 10_000)];
  const losses = loss === undefined ? LOSS_PERCENTS : [readWithin('--loss', loss, 50)];
  return rtts.flatMap((rttMs) => losses.map((lossPercent) => ({ rttMs, lossPercent })));
}

function readWithin(option: string, text: string, most: number): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= most)) {
    throw new Error(`${option}: wanted 0 to ${most}, got ${text}`);
  }
  return value;
}

async function rawBytes(pair: BrowserPair, url: string, relay: UdpRelay, seconds: number): Promise<number> {
  const [sender, receiver] = await connectPumps(pair, url, (page, side) => throughRelay(page, relay, side));
  await sender.evaluate((bytes) => window.pump.flood(bytes), MESSAGE_BYTES);
  await pass(seconds);
  const receivedBytes = await receiver.evaluate(() => window.pump.received());
  await Promise.all([sender.close(), receiver.close()]);
  return receivedBytes;
}

async function appBytes(
  pair: BrowserPair,
  url: string,
  file: string,
  relay: UdpRelay,
  seconds: number,
  prepare: (page: Page) => Promise<void> = async () => {},
): Promise<number> {
  const openOn = (browser: BrowserPair['sender'], side: 'a' | 'b'): Promise<AppDriver> =>
    AppDriver.open(browser, url, async (page) => {
      await throughRelay(page, relay, side);
      await tapEngine(page);
      await prepare(page);
    });
  const [sender, receiver] = [await openOn(pair.sender, 'a'), await openOn(pair.receiver, 'b')];
  await sender.send([file]);
  await receiver.receive();
  await pairByPaste(sender, receiver);
  const { id } = await receiver.waitForTransfer('offered', CONNECT_TIMEOUT_MS);
  await receiver.accept();
  await pass(seconds);
  const { bytesDone } = await receiverFigures(receiver.page, id);
  await receiver.press('Cancel', CONNECT_TIMEOUT_MS);
  await receiver.waitForTransfer('cancelled', CONNECT_TIMEOUT_MS);
  await Promise.all([sender.page.close(), receiver.page.close()]);
  return bytesDone;
}

/** The time that is measured; nothing is waited for. */
function pass(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

/** Zeros that take no room on the disk; nothing on the way compresses. */
async function sparseFile(folder: string, sizeBytes: number): Promise<string> {
  const path = join(folder, 'wan.bin');
  const file = await open(path, 'w');
  await file.truncate(sizeBytes);
  await file.close();
  return path;
}
