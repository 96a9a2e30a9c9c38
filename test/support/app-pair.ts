import type { Page } from 'puppeteer-core';
import { type StaticServer, startStaticServer } from '../../scripts/shared/static-server.ts';
import { AppDriver } from './app-driver.ts';
import { type LaunchOptions, type Pair, type TestBrowser, launchBrowser } from './browsers.ts';
import { appFolder } from './build-pages.ts';

/** Two browsers and the built app, for the end-to-end tests of one pairing. */
export class AppPair {
  readonly server: StaticServer;
  readonly browsers: readonly [TestBrowser, TestBrowser];

  private constructor(server: StaticServer, browsers: readonly [TestBrowser, TestBrowser]) {
    this.server = server;
    this.browsers = browsers;
  }

  /** @param others of the second browser, where they differ */
  static async launch([first, second]: Pair, options: LaunchOptions = {}, others = options): Promise<AppPair> {
    const server = await startStaticServer({ root: appFolder });
    const one = await launchBrowser(first, options);
    const two = await launchBrowser(second, others).catch(async (error: unknown) => {
      await Promise.all([one.close(), server.stop()]);
      throw error;
    });
    return new AppPair(server, [one, two]);
  }

  /** A fresh page of the app in each browser; the pages of the last test are closed. */
  async open(): Promise<readonly [AppDriver, AppDriver]> {
    const [one, two] = this.browsers;
    const stale = await Promise.all([one.browser.pages(), two.browser.pages()]);
    const open = (browser: TestBrowser) => AppDriver.open(browser, this.server.url, forgetPeers);
    const apps = await Promise.all([open(one), open(two)]);
    await Promise.all(stale.flat().map((page) => page.close()));
    return apps;
  }

  async close(): Promise<void> {
    await Promise.all([...this.browsers.map((browser) => browser.close()), this.server.stop()]);
  }
}

/** Or the page would come back to the device that the page of the last test was linked to. Not when it is reloaded. */
export async function forgetPeers(page: Page): Promise<void> {
  await page.evaluateOnNewDocument(() => {
    if (sessionStorage.getItem('peersForgotten') !== null) return;
    sessionStorage.setItem('peersForgotten', '');
    indexedDB.deleteDatabase('heliograph-peers');
  });
}

export function connected(...apps: readonly AppDriver[]): Promise<unknown> {
  return Promise.all(apps.map((app) => app.waitUntilConnected()));
}
