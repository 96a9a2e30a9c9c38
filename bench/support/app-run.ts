import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Page } from 'puppeteer-core';
import { build } from 'vite';
import { startStaticServer } from '../../scripts/shared/static-server.ts';
import { AppDriver, pairByPaste } from '../../test/support/app-driver.ts';
import { removeFolder } from '../../test/support/browsers.ts';
import { appFolder } from '../../test/support/build-pages.ts';
import { makeFile } from '../../test/support/files.ts';
import type { BrowserPair } from './browser-pair.ts';

/** The built app, and the file that it sends. */
export interface AppBench {
  /**
   * Sends one file from the sender's disk to the receiver's verified file, over a fresh pairing.
   * @returns MB/s (10^6 bytes), from the receiver's consent until both say "verified"
   */
  run(pair: BrowserPair): Promise<number>;
  close(): Promise<void>;
}

const PAIRING_TIMEOUT_MS = 60_000;

export async function prepareApp(totalBytes: number): Promise<AppBench> {
  await build({ root: fileURLToPath(new URL('../../', import.meta.url)), logLevel: 'warn' });
  const server = await startStaticServer({ root: appFolder });
  const folder = await mkdtemp(`${tmpdir()}/heliograph-bench-`);
  const file = await makeFile(folder, 'bench.bin', totalBytes);
  return {
    run: async (pair) => {
      const sender = await AppDriver.open(pair.sender, server.url);
      const receiver = await AppDriver.open(pair.receiver, server.url);
      await sender.send([file.path]);
      await receiver.receive();
      await pairByPaste(sender, receiver);
      await receiver.waitForTransfer('offered', PAIRING_TIMEOUT_MS);
      const ends = [endOfTransfer(sender.page), endOfTransfer(receiver.page)];
      const startEpochMs = Date.now();
      await receiver.accept();
      const endEpochMs = Math.max(...(await Promise.all(ends)));
      // Frees the receiver's disk for the next run. It also fails here when the transfer ended in any other way.
      await sender.waitForTransfer('verified');
      await receiver.waitForTransfer('verified');
      await receiver.press('Delete from this device');
      await receiver.press('Yes, delete');
      await receiver.waitFor('an empty list of transfers', async () => (await receiver.transfers()).length === 0);
      await Promise.all([sender.page.close(), receiver.page.close()]);
      return totalBytes / 1000 / (endEpochMs - startEpochMs);
    },
    close: async () => {
      await server.stop();
      await removeFolder(folder);
    },
  };
}

/**
 * When the page's transfer came to its end, by the clock that all processes here share. The page looks for itself:
 * asking it again and again from outside would cost it the time that is measured.
 */
function endOfTransfer(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const finalStates = new Set(['verified', 'failed', 'cancelled', 'declined']);
        const observer = new MutationObserver(() => {
          // The list has the newest first.
          const state = document.querySelector('[data-testid="transfer"]')?.getAttribute('data-state') ?? '';
          if (!finalStates.has(state)) return;
          observer.disconnect();
          resolve(Date.now());
        });
        observer.observe(document.body, { subtree: true, childList: true, attributeFilter: ['data-state'] });
      }),
  );
}
