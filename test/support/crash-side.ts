import { join } from 'node:path';
import { AppDriver } from './app-driver.ts';
import { type BrowserKind, type TestBrowser, launchBrowser } from './browsers.ts';
import { type ReceiverFigures, markLife, receiverFigures, tapEngine, travelledBytes } from './engine-tap.ts';

export type Role = 'sender' | 'receiver';

/** One of two devices in a crash run: a browser that can be killed and started again on the same profile. */
export class CrashSide {
  readonly kind: BrowserKind;
  readonly downloadDir: string;
  readonly #role: Role;
  readonly #profileDir: string;
  readonly #url: string;
  #browser: TestBrowser | undefined;
  #app: AppDriver | undefined;

  /** @param url of the app: the same in every life, since storage belongs to the origin */
  constructor(role: Role, kind: BrowserKind, url: string, folder: string) {
    this.kind = kind;
    this.#role = role;
    this.#url = url;
    this.#profileDir = join(folder, role);
    this.downloadDir = join(folder, `${role}-downloads`);
  }

  get app(): AppDriver {
    if (this.#app === undefined) throw new Error('the browser is not open');
    return this.#app;
  }

  /** A fresh page of the app, in a browser that is started if there is none. */
  async open(): Promise<void> {
    const { downloadDir } = this;
    this.#browser ??= await launchBrowser(this.kind, { profileDir: this.#profileDir, downloadDir, mdns: false });
    const stale = await this.#browser.browser.pages();
    this.#app = await AppDriver.open(this.#browser, this.#url, tapEngine);
    await Promise.all(stale.map((page) => page.close()));
  }

  /** SIGKILL to all processes of the browser. */
  async kill(): Promise<void> {
    const browser = this.#browser;
    this.#browser = undefined;
    this.#app = undefined;
    await browser?.kill();
  }

  /** Of the receiver. */
  figures(transferId: string): Promise<ReceiverFigures> {
    return receiverFigures(this.app.page, transferId);
  }

  /** Over the link that is there, or was until the other one's end. */
  travelledBytes(): Promise<number> {
    return travelledBytes(this.app.page, this.#role === 'sender' ? 'bytesSent' : 'bytesReceived');
  }

  markLife(transferId: string): Promise<void> {
    return markLife(this.app.page, transferId);
  }

  /**
   * The other browser was killed: ends the connection, as a person would who sees it, instead of waiting until this
   * browser notices, and goes on to the codes. By then everything of this life has been told.
   */
  async pairAfresh(): Promise<void> {
    const { app } = this;
    await app.press(/^(Disconnect|Pair again)$/);
    // Where the browser had noticed already, that was 'Pair again', and the codes are there.
    const isHome = await app.waitFor('home, or the codes', async () => {
      if (await app.hasButton('Receive')) return 'home';
      return (await app.attributes('my-link', 'data-testid')).length > 0 && 'codes';
    });
    if (isHome === 'codes') return;
    await app.waitFor('the end of the link', async () =>
      (await app.transfers()).every(({ state }) => state === 'interrupted' || state === 'verified'),
    );
    await app.receive();
  }

  async close(): Promise<void> {
    await this.#browser?.close();
  }
}
