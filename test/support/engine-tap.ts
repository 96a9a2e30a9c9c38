import type { Page } from 'puppeteer-core';

/** A receiver's figures of one transfer, in bytes. */
export interface ReceiverFigures {
  /** Verified and on disk. */
  readonly bytesDone: number;
  /**
   * Of that, what it had when this life began (when the page was opened, or at the last `markLife`), blocks included that
   * were found on its disk only later. Until a calm moment it seems lower by what has arrived and is not stored yet.
   */
  readonly heldBytes: number;
}

/**
 * Listens to what the transfer worker tells the page, and keeps the page's connections in reach. In a string: it runs in
 * the page, before anything of the app.
 */
const TAP = `(() => {
  const figures = (globalThis.figuresOfTest = {});
  const states = (globalThis.statesOfTest = []);
  const links = (globalThis.linksOfTest = []);
  const connections = (globalThis.connectionsOfTest = []);
  const OriginalWorker = Worker;
  globalThis.Worker = class extends OriginalWorker {
    constructor(...args) {
      super(...args);
      this.addEventListener('message', ({ data: event }) => {
        if (event?.type === 'state') states.push(event.state);
        const nowEpochMs = performance.timeOrigin + performance.now();
        if (event?.type === 'linkOpen') links.push({ openEpochMs: nowEpochMs });
        const link = links.at(-1);
        if (event?.type === 'progress' && link !== undefined) {
          link.wireBytes ??= event.wireBytes;
          if (event.wireBytes > link.wireBytes) link.flowEpochMs ??= nowEpochMs;
        }
        if (event?.type !== 'transfer' && event?.type !== 'progress') return;
        const { transferId, bytesDone, wireBytes } = event.type === 'transfer' ? event.transfer : event;
        const known = (figures[transferId] ??= { startBytes: 0, wireBytes: 0, bytesDone: 0, heldBytes: 0 });
        known.bytesDone = bytesDone;
        known.wireBytes = Math.max(known.wireBytes, wireBytes ?? 0);
        known.heldBytes = Math.max(known.heldBytes, bytesDone - (known.wireBytes - known.startBytes));
      });
    }
  };
  const OriginalConnection = RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends OriginalConnection {
    constructor(...args) {
      super(...args);
      connections.push(this);
    }
  };
})()`;

/** For `AppDriver.open`. */
export async function tapEngine(page: Page): Promise<void> {
  await page.evaluateOnNewDocument(TAP);
}

/** Every change of a transfer's state that the page was told of, oldest first. */
export async function toldStates(page: Page): Promise<readonly string[]> {
  return (await page.evaluate('statesOfTest')) as readonly string[];
}

/** A link that the page had, by the clock of this machine. */
export interface LinkTimes {
  readonly openEpochMs: number;
  /** Payload was told of for the second time; undefined: not yet. */
  readonly flowEpochMs?: number;
}

/** Oldest first, since the page was loaded. */
export async function linkTimes(page: Page): Promise<readonly LinkTimes[]> {
  return (await page.evaluate('linksOfTest')) as readonly LinkTimes[];
}

/** A new life of the transfer begins; everything of the last one was told. */
export async function markLife(page: Page, transferId: string): Promise<void> {
  await page.evaluate(`(() => {
    const known = figuresOfTest[${JSON.stringify(transferId)}];
    if (known !== undefined) Object.assign(known, { startBytes: known.wireBytes, heldBytes: known.bytesDone });
  })()`);
}

/** Zeros for a transfer that the page has not heard of. */
export async function receiverFigures(page: Page, transferId: string): Promise<ReceiverFigures> {
  return (await page.evaluate(`(() => {
    const { bytesDone = 0, heldBytes = 0 } = figuresOfTest[${JSON.stringify(transferId)}] ?? {};
    return { bytesDone, heldBytes };
  })()`)) as ReceiverFigures;
}

/**
 * What the page's data channels have carried, by the browser's own statistics (WebRTC Statistics §8.13), over the
 * connections that are not closed: payload and our frames' headers. A sender counts what it queued, too.
 */
export async function travelledBytes(page: Page, count: 'bytesSent' | 'bytesReceived'): Promise<number> {
  const bytes: unknown = await page.evaluate(`(async () => {
    let sum = 0;
    for (const connection of connectionsOfTest) {
      if (connection.connectionState === 'closed') continue;
      for (const stats of (await connection.getStats()).values()) if (stats.type === 'data-channel') sum += stats.${count};
    }
    return sum;
  })()`);
  if (typeof bytes !== 'number') throw new Error(`${count}: ${String(bytes)}`);
  return bytes;
}
