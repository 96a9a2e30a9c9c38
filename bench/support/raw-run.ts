import { fileURLToPath } from 'node:url';
import type { Page } from 'puppeteer-core';
import { type StaticServer, startStaticServer } from '../../scripts/shared/static-server.ts';
import { buildPage } from '../../test/support/build-pages.ts';
import type { BrowserPair } from './browser-pair.ts';

const pumpFolder = fileURLToPath(new URL('../../dist-test/pump', import.meta.url));

export async function servePump(): Promise<StaticServer> {
  await buildPage('bench/pump', pumpFolder);
  return startStaticServer({ root: pumpFolder });
}

/**
 * Opens a fresh connection between two pump pages, sends once, and closes the pages.
 * @returns MB/s (10^6 bytes), from the first `send` to the receiver's acknowledgement of the last byte
 */
export async function runRaw(
  pair: BrowserPair,
  pumpUrl: string,
  totalBytes: number,
  messageBytes: number,
): Promise<number> {
  const [sender, receiver] = await connectPumps(pair, pumpUrl);
  await receiver.evaluate((bytes) => window.pump.receive(bytes), totalBytes);
  const durationMs = await sender.evaluate(
    (total, message) => window.pump.send(total, message),
    totalBytes,
    messageBytes,
  );
  await Promise.all([sender.close(), receiver.close()]);
  return totalBytes / 1000 / durationMs;
}

/**
 * Two pump pages with a fresh connection, which is open. Sender first.
 * @param prepare of each page, before it loads anything
 */
export async function connectPumps(
  pair: BrowserPair,
  pumpUrl: string,
  prepare: (page: Page, side: 'a' | 'b') => Promise<void> = async () => {},
): Promise<readonly [Page, Page]> {
  const [sender, receiver] = await Promise.all([
    openPump(pair.sender.browser, pumpUrl, (page) => prepare(page, 'a')),
    openPump(pair.receiver.browser, pumpUrl, (page) => prepare(page, 'b')),
  ]);
  const offer = await sender.evaluate(() => window.pump.describe());
  const answer = await receiver.evaluate((sdp) => window.pump.describe(sdp), offer);
  await sender.evaluate((sdp) => window.pump.accept(sdp), answer);
  await Promise.all([sender, receiver].map((page) => page.evaluate(() => window.pump.opened())));
  return [sender, receiver];
}

async function openPump(
  browser: { newPage(): Promise<Page> },
  url: string,
  prepare: (page: Page) => Promise<void>,
): Promise<Page> {
  const page = await browser.newPage();
  await prepare(page);
  await page.goto(url);
  return page;
}
