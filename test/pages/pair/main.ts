import { systemClock } from '../../../src/adapters/device/system-clock.ts';
import { createRtcConnector } from '../../../src/adapters/webrtc/rtc-connector.ts';
import { LiveLink } from '../../../src/app/live-link.ts';
import { PairingDriver } from '../../../src/app/pairing-driver.ts';
import { readTicket } from '../../../src/core/ticket/text.ts';
import type { LinkChannels, TransferEngine } from '../../../src/ports/transfer-engine.ts';
import { Deferred } from './deferred.ts';
import { Exchange } from './exchange.ts';

/**
 * The app's own pairing (tickets, machine, driver, connector) without its UI and its transfer, for tests that make
 * many connections: what is read is applied, and the raw channels then carry bytes both ways.
 */
class PairPage {
  readonly #driver: PairingDriver;
  readonly #live: LiveLink;
  readonly #rejected: string[] = [];
  #byteCount = 0;
  #exchange: Exchange | undefined;
  #opened = new Deferred<number>();

  constructor() {
    const engine: TransferEngine = {
      attachLane: () => false,
      attach: (channels) => {
        this.#attached(channels);
        return true;
      },
      post: () => undefined,
      onEvent: undefined,
    };
    const qrEncoder = { encode: () => ({ version: 1, sizeModules: 21, modules: new Uint8Array(441) }) };
    const connector = createRtcConnector(systemClock);
    this.#live = new LiveLink({ connector, engine, clock: systemClock }, () => undefined);
    this.#driver = new PairingDriver({ connector, clock: systemClock, qrEncoder, engine }, this.#live, {
      baseUrl: 'https://heliograph.example/',
      iceServers: () => [],
      onRejected: (error) => this.#rejected.push(error.code),
      onRead: () => undefined,
      onPaired: () => undefined,
    });
  }

  /**
   * Makes a fresh code. Gives its open form.
   * @param byteCount how much `exchange` is going to send and to expect
   */
  async start(byteCount: number): Promise<string> {
    this.#byteCount = byteCount;
    this.#opened = new Deferred<number>();
    this.#live.end();
    this.#driver.start();
    return this.code();
  }

  /** My code as it is on show now. */
  code(): Promise<string> {
    return new Promise((resolve, reject) => {
      const unsubscribe = this.#driver.myCode.subscribe((code) => {
        if (code.state === 'failed') reject(code.error);
        if (code.state !== 'shown') return;
        resolve(code.text);
        queueMicrotask(() => unsubscribe());
      });
    });
  }

  read(text: string): void {
    const ticket = readTicket(text);
    if (ticket.kind === 'call') throw new Error('a call');
    this.#driver.read(ticket, false);
  }

  rejected(): readonly string[] {
    return this.#rejected;
  }

  state(): string {
    const view = this.#driver.view.value;
    return view.state === 'failed' ? `failed: ${view.error.message}` : view.state;
  }

  /** Resolves with `Date.now()` when the channels opened. */
  opened(): Promise<number> {
    return this.#opened.promise;
  }

  /** Sends the agreed bytes and receives as many at the same time. Rejects when one is wrong or missing. */
  exchange(): Promise<void> {
    if (this.#exchange === undefined) throw new Error('no channels');
    return this.#exchange.run(this.#byteCount);
  }

  #attached(channels: LinkChannels): void {
    const mine = new Exchange(channels.data, this.#byteCount);
    this.#exchange = mine;
    const isOpen = (): boolean => channels.control.readyState === 'open' && channels.data.readyState === 'open';
    const check = (): void => {
      if (mine !== this.#exchange || !isOpen()) return;
      this.#driver.linkOpened(channels.linkId);
      this.#opened.resolve(Date.now());
    };
    channels.control.addEventListener('open', check);
    channels.data.addEventListener('open', check);
  }
}

declare global {
  interface Window {
    pairPage: PairPage;
  }
}

window.pairPage = new PairPage();
