import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CDPSession } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AppDriver, pairByPaste } from '../support/app-driver.ts';
import { AppPair } from '../support/app-pair.ts';
import { removeFolder } from '../support/browsers.ts';
import { tapEngine, toldStates } from '../support/engine-tap.ts';
import { makeFile, sha256OfFile, type TestFile, waitForDownload } from '../support/files.ts';

const MB = 1_000_000;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heliograph-storage-'));
});

afterAll(async () => {
  await removeFolder(folder);
});

/** Sets what the receiver's origin may store, in all; Chromium only. Without a number: as much as ever. */
async function allowBytes(app: AppDriver, devTools: CDPSession, quotaSize?: number): Promise<void> {
  const { origin } = new URL(app.page.url());
  await devTools.send('Storage.overrideQuotaForOrigin', quotaSize === undefined ? { origin } : { origin, quotaSize });
}

/** How often the page was told that a transfer pauses. */
async function pauses(app: AppDriver): Promise<number> {
  return (await toldStates(app.page)).filter((state) => state === 'paused').length;
}

async function verifiedAndSaved(apps: AppPair, [sender, receiver]: readonly AppDriver[], files: readonly TestFile[]) {
  await sender?.waitForTransfer('verified');
  await receiver?.waitForTransfer('verified');
  for (const file of files) {
    await receiver?.save(file.name);
    const path = await waitForDownload(apps.browsers[1].downloadDir, file.name, file.sizeBytes);
    expect(await sha256OfFile(path), file.name).toBe(file.sha256);
  }
}

/** Space is claimed file by file: with one file the disk is full before the first byte, with two in the middle. */
test.each([
  ['before the first byte', [20 * MB], 10 * MB],
  ['in the middle', [12 * MB, 20 * MB], 25 * MB],
] as const)('a disk that is full %s pauses the transfer, and nothing is lost', async (when, sizes, quotaBytes) => {
  const apps = await AppPair.launch(['chromium', 'chromium'], { mdns: false });
  try {
    const files = await Promise.all(sizes.map((size, i) => makeFile(folder, `${when} ${i}.bin`, size)));
    const sender = await AppDriver.open(apps.browsers[0], apps.server.url);
    const receiver = await AppDriver.open(apps.browsers[1], apps.server.url, tapEngine);
    // The override ends with its session.
    const devTools = await receiver.page.createCDPSession();
    await allowBytes(receiver, devTools, quotaBytes);
    await sender.send(files.map(({ path }) => path));
    await receiver.receive();
    await pairByPaste(sender, receiver);
    await receiver.accept();
    await Promise.all([sender.waitForTransfer('paused'), receiver.waitForTransfer('paused')]);
    await receiver.waitForText('This device has no room left');
    await sender.waitForText('The other device has no room left');
    // Still full: trying again changes nothing, and harms nothing. (The app may have tried by itself, too.)
    const before = await pauses(receiver);
    await receiver.press('Try again');
    await receiver.waitFor('another pause', async () => (await pauses(receiver)) > before);
    await receiver.waitForTransfer('paused');
    // As its words promise, it goes on by itself.
    await allowBytes(receiver, devTools);
    await verifiedAndSaved(apps, [sender, receiver], files);
  } finally {
    await apps.close();
  }
});

test('a private window of Firefox receives through IndexedDB, and says before anything starts what that means', async () => {
  const apps = await AppPair.launch(['firefox', 'firefox'], { isPrivate: true });
  try {
    const file = await makeFile(folder, 'private.bin', 20 * MB + 77);
    const [sender, receiver] = await apps.open();
    await sender.send([file.path]);
    await receiver.receive();
    const limit = /private window\. .* kept only until you close it.* room for about [\d.,]+ [kMGT]B/s;
    expect(await receiver.read('private-window')).toMatch(limit);
    await pairByPaste(sender, receiver);
    await receiver.waitForTransfer('offered');
    expect(await receiver.read('private-window')).toMatch(limit);
    await receiver.accept();
    await verifiedAndSaved(apps, [sender, receiver], [file]);
    const opfs = await receiver.page.evaluate(() => navigator.storage.getDirectory().then(() => 'works', String));
    expect(opfs).toMatch(/SecurityError/i);
    const databases = await receiver.page.evaluate(() => indexedDB.databases());
    expect(databases.map(({ name }) => name)).toContain('heliograph-blocks');
  } finally {
    await apps.close();
  }
});

test('an ordinary window says nothing of private ones', async () => {
  const apps = await AppPair.launch(['firefox', 'chromium']);
  try {
    for (const app of await apps.open()) {
      await app.receive();
      await app.link();
      expect(await app.attributes('private-window', 'data-testid')).toEqual([]);
    }
  } finally {
    await apps.close();
  }
});
