import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, describe, test } from 'vitest';
import { AppDriver, pairByPaste } from '../support/app-driver.ts';
import { AppPair } from '../support/app-pair.ts';
import { removeFolder } from '../support/browsers.ts';
import { makeFile, sha256OfFile, waitForDownload } from '../support/files.ts';

const SIZE_BYTES = 70_000_000;

/** Keeps the page's connections in reach, so that a test can cut one from outside of the app. */
const KEEP_CONNECTIONS = `(() => {
  const Original = RTCPeerConnection;
  globalThis.connectionsOfTest = [];
  globalThis.RTCPeerConnection = class extends Original {
    constructor(...args) { super(...args); globalThis.connectionsOfTest.push(this); }
  };
})()`;

async function openKept(apps: AppPair, index: 0 | 1): Promise<AppDriver> {
  const app = new AppDriver(await apps.browsers[index].newPage());
  await app.page.evaluateOnNewDocument(KEEP_CONNECTIONS);
  await app.page.goto(apps.server.url);
  return app;
}

function cut(app: AppDriver): Promise<void> {
  return app.page.evaluate('for (const connection of connectionsOfTest) connection.close()') as Promise<void>;
}

/** What the page's data channels have sent over all of its living connections. */
async function bytesSent(app: AppDriver): Promise<number> {
  const sent: unknown = await app.page.evaluate(`(async () => {
    let sum = 0;
    for (const connection of connectionsOfTest) {
      if (connection.connectionState === 'closed') continue;
      for (const stats of (await connection.getStats()).values()) if (stats.type === 'data-channel') sum += stats.bytesSent;
    }
    return sum;
  })()`);
  if (typeof sent !== 'number') throw new Error(`bytesSent: ${String(sent)}`);
  return sent;
}

async function percentDone(app: AppDriver): Promise<number> {
  const value = await app.page.$eval('progress', (bar) => bar.value / bar.max).catch(() => 0);
  return value * 100;
}

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heliograph-resume-'));
});

afterAll(async () => {
  await removeFolder(folder);
});

/** In all pairings: `healing.e2e.ts`, where nobody has to pair. */
describe.each([['chromium', 'firefox'] as const])('%s to %s', (...pair) => {
  test('a link that drops in the middle loses nothing: paired again, only what is missing travels', async () => {
    const apps = await AppPair.launch(pair);
    try {
      const file = await makeFile(folder, 'half.bin', SIZE_BYTES);
      const [sender, receiver] = [await openKept(apps, 0), await openKept(apps, 1)];
      await sender.send([file.path]);
      await receiver.receive();
      await pairByPaste(sender, receiver);
      await receiver.accept();
      await receiver.waitFor('half of it', async () => (await percentDone(receiver)) >= 50, 60_000);
      await Promise.all([cut(sender), cut(receiver)]);
      await Promise.all([sender.waitForTransfer('interrupted'), receiver.waitForTransfer('interrupted')]);
      await Promise.all([sender.press('Pair again'), receiver.press('Pair again')]);
      await pairByPaste(receiver, sender);
      await Promise.all([sender.waitForTransfer('verified'), receiver.waitForTransfer('verified')]);
      // Half had arrived; what was under way when it dropped may travel twice.
      expect(await bytesSent(sender)).toBeLessThan(SIZE_BYTES * 0.8);
      await receiver.save(file.name);
      const path = await waitForDownload(apps.browsers[1].downloadDir, file.name, SIZE_BYTES);
      expect(await sha256OfFile(path)).toBe(file.sha256);
    } finally {
      await apps.close();
    }
  });
});
