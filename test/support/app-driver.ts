import type { Page } from 'puppeteer-core';
import { PageDriver } from './page-driver.ts';
import type { TestBrowser } from './browsers.ts';

/** A transfer as the page lists it. */
export interface ShownTransfer {
  readonly id: string;
  readonly state: string;
  readonly direction: string;
}

/** States after which nothing more happens by itself. */
const FINAL_STATES: ReadonlySet<string> = new Set(['verified', 'declined', 'cancelled', 'failed']);
const CONNECT_TIMEOUT_MS = 30_000;
const TRANSFER_TIMEOUT_MS = 120_000;

/** Uses the app as a person does, in English. */
export class AppDriver extends PageDriver {
  /**
   * @param url of the app, with a code after `#` when it is opened by a link
   * @param prepare comes before anything is loaded
   */
  static async open(
    browser: TestBrowser,
    url: string,
    prepare: (page: Page) => Promise<void> = async () => {},
  ): Promise<AppDriver> {
    const app = new AppDriver(await browser.newPage());
    await prepare(app.page);
    await app.page.goto(url);
    return app;
  }

  /** From home: picks files, and goes on to the codes (or, when connected, sends them). */
  async send(paths: readonly string[]): Promise<void> {
    await this.press('Send');
    await this.chooseFiles('file-input', paths);
    await this.press(/^(Continue|Send now)$/);
  }

  /** From home: goes on to the codes with nothing to send. */
  async receive(): Promise<void> {
    await this.press('Receive');
  }

  /** Connected: offers more files. */
  async sendMore(paths: readonly string[]): Promise<void> {
    await this.chooseFiles('file-input', paths);
  }

  /** Writes a text to send, in place of what is there. */
  async writeText(text: string): Promise<void> {
    const field = await (await this.byTestId('text-input')).toElement('textarea');
    await field.evaluate((element, written) => {
      element.value = written;
      element.dispatchEvent(new InputEvent('input', { bubbles: true }));
    }, text);
    await field.dispose();
  }

  /** My code as a link, as it is on show now. It changes when theirs is read: then it is a reply. */
  link(): Promise<string> {
    return this.read('my-link');
  }

  /** The same without the link around it. */
  code(): Promise<string> {
    return this.read('my-text');
  }

  /** Reads a link or code by pasting it. */
  async readCode(text: string): Promise<void> {
    await this.paste('paste-input', text);
  }

  async waitUntilConnected(timeoutMs = CONNECT_TIMEOUT_MS): Promise<void> {
    await this.waitForAttribute('status', 'data-state', 'connected', timeoutMs);
  }

  /** Newest first, as they are shown. */
  transfers(): Promise<ShownTransfer[]> {
    return this.page.$$eval('[data-testid="transfer"]', (items) =>
      items.map((item) => ({
        id: item.getAttribute('data-transfer') ?? '',
        state: item.getAttribute('data-state') ?? '',
        direction: item.getAttribute('data-direction') ?? '',
      })),
    );
  }

  /** Waits until the newest transfer is in this state. Fails at once when it ends in another. */
  async waitForTransfer(state: string, timeoutMs = TRANSFER_TIMEOUT_MS): Promise<ShownTransfer> {
    return this.waitFor(
      `a transfer that is ${state}`,
      async () => {
        const newest = (await this.transfers())[0];
        if (newest?.state === state) return newest;
        if (newest !== undefined && FINAL_STATES.has(newest.state)) {
          throw new Error(`wanted a transfer that is ${state}, it is ${newest.state}:\n${await this.visibleText()}`);
        }
        return undefined;
      },
      timeoutMs,
    );
  }

  /** Accepts the one offer on the screen. */
  async accept(): Promise<void> {
    await this.press('Accept', CONNECT_TIMEOUT_MS);
  }

  /** Saves one received file; `waitForDownload` finds it. */
  async save(name: string): Promise<void> {
    await this.press(`Save ${name}`);
  }
}

/** Both read the other's code by pasting, one after the other, and wait for the connection. */
export async function pairByPaste(first: AppDriver, second: AppDriver): Promise<void> {
  await connectedByCodes(first, second, (app) => app.link());
}

/** The same with codes that were changed on their way. */
export async function connectedByCodes(
  first: AppDriver,
  second: AppDriver,
  codeOf: (app: AppDriver) => Promise<string>,
): Promise<void> {
  await first.readCode(await codeOf(second));
  await first.waitForAttribute('status', 'data-state', 'read');
  await second.readCode(await codeOf(first));
  await Promise.all([first.waitUntilConnected(), second.waitUntilConnected()]);
}
