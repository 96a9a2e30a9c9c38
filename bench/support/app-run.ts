import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { type StaticServer, startStaticServer } from '../../scripts/shared/static-server.ts';
import { AppDriver, pairByPaste } from '../../test/support/app-driver.ts';
import { removeFolder } from '../../test/support/browsers.ts';
import { appFolder, buildApp } from '../../test/support/build-pages.ts';
import type { BrowserPair } from './browser-pair.ts';

const PAIRING_TIMEOUT_MS = 60_000;

/** The built app, served, with a folder for what it sends. */
export class AppBench {
  /** In the system's temporary folder; removed by `close`. */
  readonly folder: string;
  readonly #server: StaticServer;

  private constructor(server: StaticServer, folder: string) {
    this.#server = server;
    this.folder = folder;
  }

  /** @param alter makes another folder to serve out of the one that was built */
  static async open(alter: (built: string) => Promise<string> = async (built) => built): Promise<AppBench> {
    await buildApp();
    const server = await startStaticServer({ root: await alter(appFolder) });
    return new AppBench(server, await mkdtemp(join(tmpdir(), 'heliograph-bench-')));
  }

  get url(): string {
    return this.#server.url;
  }

  /**
   * Sends files from the sender's disk to the receiver's verified ones, over a fresh pairing, and deletes them there.
   * @param onReady both are connected, and the receiver has only to consent
   * @returns milliseconds from the receiver's consent until both say "verified"
   */
  async send(
    pair: BrowserPair,
    paths: readonly string[],
    timeoutMs: number,
    onReady: () => void = () => {},
  ): Promise<number> {
    const sender = await AppDriver.open(pair.sender, this.#server.url);
    const receiver = await AppDriver.open(pair.receiver, this.#server.url);
    await sender.send(paths);
    await receiver.receive();
    await pairByPaste(sender, receiver);
    await receiver.waitForTransfer('offered', PAIRING_TIMEOUT_MS);
    await Promise.all([watchForEnd(sender.page), watchForEnd(receiver.page)]);
    onReady();
    const startEpochMs = Date.now();
    await receiver.accept();
    const ends = [await endOf(receiver, timeoutMs), await endOf(sender, timeoutMs)];
    // It also fails here when the transfer ended in any other way.
    await sender.waitForTransfer('verified');
    await receiver.waitForTransfer('verified');
    // Frees the receiver's disk for the next run.
    await receiver.press('Delete from this device');
    await receiver.press('Yes, delete');
    await receiver.waitFor('an empty list of transfers', async () => (await receiver.transfers()).length === 0);
    await Promise.all([sender.page.close(), receiver.page.close()]);
    return Math.max(...ends) - startEpochMs;
  }

  async close(): Promise<void> {
    await this.#server.stop();
    await removeFolder(this.folder);
  }
}

declare global {
  interface Window {
    /** When the page's transfer came to its end, by the clock that all processes here share. */
    transferEndEpochMs?: number;
  }
}

/** The page looks for itself, exactly: asking it again and again from outside would cost it the time that is measured. */
async function watchForEnd(page: Page): Promise<void> {
  await page.evaluate(() => {
    const finalStates = new Set(['verified', 'failed', 'cancelled', 'declined']);
    const observer = new MutationObserver(() => {
      // The list has the newest first.
      const state = document.querySelector('[data-testid="transfer"]')?.getAttribute('data-state') ?? '';
      if (!finalStates.has(state)) return;
      observer.disconnect();
      window.transferEndEpochMs = Date.now();
    });
    observer.observe(document.body, { subtree: true, childList: true, attributeFilter: ['data-state'] });
  });
}

async function endOf(app: AppDriver, timeoutMs: number): Promise<number> {
  const found = await app.page.waitForFunction(() => window.transferEndEpochMs, { timeout: timeoutMs, polling: 500 });
  const endEpochMs = await found.jsonValue();
  if (endEpochMs === undefined) throw new Error('an end without a time');
  return endEpochMs;
}
