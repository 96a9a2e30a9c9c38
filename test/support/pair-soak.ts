import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'puppeteer-core';
import { type StaticServer, startStaticServer } from '../../scripts/shared/static-server.ts';
import { type LaunchOptions, type Pair, type TestBrowser, launchBrowser } from './browsers.ts';
import { pairPageFolder } from './build-pages.ts';

/** A connection that has not come up, or has not carried its bytes, by then is silent. */
const OPEN_TIMEOUT_MS = 30_000;
const EXCHANGE_TIMEOUT_MS = 60_000;

/** Makes many connections between two browsers, with the app's own pairing and without its UI (`test/pages/pair/`). */
export class PairSoak {
  readonly #server: StaticServer;
  readonly #browsers: readonly [TestBrowser, TestBrowser];
  readonly #pages: readonly [Page, Page];

  private constructor(
    server: StaticServer,
    browsers: readonly [TestBrowser, TestBrowser],
    pages: readonly [Page, Page],
  ) {
    this.#server = server;
    this.#browsers = browsers;
    this.#pages = pages;
  }

  static async launch([first, second]: Pair, options: LaunchOptions = {}): Promise<PairSoak> {
    const server = await startStaticServer({ root: pairPageFolder });
    const browsers = [await launchBrowser(first, options), await launchBrowser(second, options)] as const;
    const pages = [await browsers[0].newPage(), await browsers[1].newPage()] as const;
    await Promise.all(pages.map((page) => page.goto(server.url)));
    return new PairSoak(server, browsers, pages);
  }

  /**
   * One connection with fresh codes; both read the other's open code.
   * @param byteCount sent by each side, checked byte by byte by the other
   * @returns ms from the second reading to open channels, on both sides
   */
  async connect(first: 0 | 1, waitMs: number, byteCount: number): Promise<number> {
    const [one, two] = this.#pages;
    const codes = await Promise.all(
      [one, two].map((page) => page.evaluate((bytes) => window.pairPage.start(bytes), byteCount)),
    );
    const second = first === 0 ? 1 : 0;
    await this.#read(first, codes[second] ?? '');
    await delay(waitMs);
    const readAtMs = Date.now();
    await this.#read(second, codes[first] ?? '');
    const openedAtMs = await within(
      OPEN_TIMEOUT_MS,
      'not open',
      [one, two].map((page) => page.evaluate(() => window.pairPage.opened())),
    );
    await within(
      EXCHANGE_TIMEOUT_MS,
      'silent',
      [one, two].map((page) => page.evaluate(() => window.pairPage.exchange())),
    );
    return Math.max(...openedAtMs) - readAtMs;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#browsers.map((browser) => browser.close()), this.#server.stop()]);
  }

  #read(index: 0 | 1, code: string): Promise<void> {
    return this.#pages[index].evaluate((text) => window.pairPage.read(text), code);
  }
}

async function within<T>(timeoutMs: number, what: string, promises: readonly Promise<T>[]): Promise<T[]> {
  const timeout = new AbortController();
  const timer = delay(timeoutMs, undefined, { signal: timeout.signal }).then(() => {
    throw new Error(`${what} after ${timeoutMs} ms`);
  });
  // Aborted below, which rejects it.
  timer.catch(() => undefined);
  try {
    return await Promise.race([Promise.all(promises), timer]);
  } finally {
    timeout.abort();
  }
}
