import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppDriver, pairByPaste } from '../support/app-driver.ts';
import { AppPair } from '../support/app-pair.ts';
import { dropTree, makeTree, type Tree } from '../support/dropped-tree.ts';
import { launchBrowser } from '../support/browsers.ts';
import { waitForDownload } from '../support/files.ts';
import { readZip } from '../support/zip-reader.ts';

const MIB = 1024 * 1024;
/** To even seconds: all that a zip can hold. */
const TIMES = [1_577_880_000_000, 1_600_000_000_000, 1_789_000_000_000] as const;

const TREE = makeTree(
  [
    ['Holiday 2026/film.mp4', 24 * MIB + 5, TIMES[0]],
    ['Holiday 2026/Übersicht – naïve.txt', 70_001, TIMES[1]],
    ['Holiday 2026/beach/日本語 👪.jpg', 8 * MIB, TIMES[2]],
    ['Holiday 2026/beach/empty.txt', 0, TIMES[0]],
  ],
  ['Holiday 2026/ideas'],
);

const SMALL_TREE = makeTree(
  [
    ['notes/a.txt', 5_000, TIMES[0]],
    ['notes/b.bin', 3 * MIB + 7, TIMES[1]],
  ],
  ['notes/later'],
);
/** Per entry a local header (30 bytes), a data descriptor (16), a central header (46), the name twice; 22 at the end. */
const SMALL_ZIP_BYTES = 5_000 + 3 * MIB + 7 + 3 * (30 + 16 + 46) + 2 * (11 + 11 + 12) + 22;

/** Stands for the folder picker, which no driver can use: a folder that has something of the same name. */
const PICKER = `window.showDirectoryPicker = async () => {
  const root = await navigator.storage.getDirectory();
  const picked = await root.getDirectoryHandle('picked', { create: true });
  const taken = await picked.getDirectoryHandle('Holiday 2026', { create: true });
  const file = await (await taken.getFileHandle('film.mp4', { create: true })).createWritable();
  await file.write('theirs');
  await file.close();
  return picked;
}`;

/** Path and SHA-256 of everything in a folder of the origin private file system; of a folder, ''. */
const LIST = `async (name) => {
  const found = [];
  const walk = async (folder, path) => {
    for await (const [name, handle] of folder.entries()) {
      if (handle.kind === 'directory') {
        found.push([path + name + '/', '']);
        await walk(handle, path + name + '/');
      } else {
        const digest = await crypto.subtle.digest('SHA-256', await (await handle.getFile()).arrayBuffer());
        const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
        found.push([path + name, hex]);
      }
    }
  };
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle(name).catch(() => undefined);
  if (folder !== undefined) await walk(folder, '');
  return found;
}`;

async function listStored(app: AppDriver, folder: string): Promise<Record<string, string>> {
  const found: unknown = await app.page.evaluate(`(${LIST})(${JSON.stringify(folder)})`);
  return Object.fromEntries(found as readonly (readonly [string, string])[]);
}

/** Nothing of any transfer is left, on the disk and on the screen. */
async function waitUntilEmpty(app: AppDriver): Promise<void> {
  await app.waitFor('an empty store', () =>
    app.page.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      const transfers = await root.getDirectoryHandle('transfers');
      for await (const name of transfers.keys()) return name === undefined;
      return true;
    }),
  );
  await app.waitFor('nothing on this device', async () => !(await app.visibleText()).includes('On this device'));
}

const SHA256_OF_THEIRS = '4c55a8552a2c7261f61f798c2265e6f13358f326ae5b934096ff16bd15e62c33';

let apps: AppPair;

beforeAll(async () => {
  apps = await AppPair.launch(['chromium', 'firefox']);
});

afterAll(async () => {
  await apps.close();
});

describe.each([
  ['chromium', 0],
  ['firefox', 1],
] as const)('%s', (_kind, index) => {
  test('saves a folder as one zip of exactly the promised length, or beside what is there; then deletes it', async () => {
    const both = await apps.open();
    const [sender, receiver] = [both[1 - index], both[index]];
    if (sender === undefined || receiver === undefined) throw new Error('no pair');
    await receiver.page.evaluateOnNewDocument(PICKER);
    await receiver.page.reload();
    await controlled(receiver);
    const lengths: (string | undefined)[] = [];
    receiver.page.on('response', (response) => {
      if (response.url().includes('/zip/')) lengths.push(response.headers()['content-length']);
    });
    await dropTree(sender.page, TREE);
    await sender.press('Continue');
    await receiver.receive();
    await pairByPaste(sender, receiver);
    await receiver.accept();
    await Promise.all([sender.waitForTransfer('verified'), receiver.waitForTransfer('verified')]);

    await receiver.press('Save as zip');
    await receiver.byTestId('saved');
    const [length] = await receiver.waitFor('the response', async () => lengths.length > 0 && lengths);
    const zip = await waitForDownload(apps.browsers[index].downloadDir, 'Holiday 2026.zip', Number(length));
    await expectTree(zip, TREE);

    await receiver.press('Save to a folder');
    await receiver.waitFor('the end of saving', async () => (await receiver.page.$('[data-testid="saving"]')) === null);
    expect(await listStored(receiver, 'picked')).toEqual({
      'Holiday 2026/': '',
      'Holiday 2026/film.mp4': SHA256_OF_THEIRS,
      'Holiday 2026 (2)/': '',
      'Holiday 2026 (2)/beach/': '',
      'Holiday 2026 (2)/ideas/': '',
      ...Object.fromEntries(
        TREE.files.map(({ path, sha256 }) => [path.replace('Holiday 2026', 'Holiday 2026 (2)'), sha256]),
      ),
    });

    await receiver.press(/^Receipt/);
    await receiver.press('Copy receipt');
    await receiver.waitForText('Receipt copied.');
    expect(await receiver.read('root')).toBe(await sender.read('root'));
    await receiver.press('Heliograph');
    await receiver.waitForText('On this device');
    await receiver.press('Delete from this device');
    await waitUntilEmpty(receiver);

    await dropTree(sender.page, SMALL_TREE);
    await receiver.press('Show transfers');
    await receiver.accept();
    await receiver.waitForTransfer('verified');
    await receiver.press('Heliograph');
    await receiver.press('Clear all');
    await receiver.press('Yes, delete');
    await waitUntilEmpty(receiver);
    expect([sender.problems, receiver.problems]).toEqual([[], []]);
  });
});

test('a private window of Firefox, which refuses the private file system, saves a zip out of IndexedDB', async () => {
  const tab = await launchBrowser('firefox', { isPrivate: true });
  try {
    const [sender] = await apps.open();
    const receiver = await AppDriver.open(tab, apps.server.url);
    await controlled(receiver);
    await dropTree(sender.page, SMALL_TREE);
    await sender.press('Continue');
    await receiver.receive();
    await pairByPaste(sender, receiver);
    await receiver.accept();
    await receiver.waitForTransfer('verified');
    await receiver.press('Save as zip');
    await receiver.byTestId('saved');
    await expectTree(await waitForDownload(tab.downloadDir, 'notes.zip', SMALL_ZIP_BYTES), SMALL_TREE);
    // It is on this device, and known to be saved, in the next life of the page too.
    await receiver.page.reload();
    await receiver.byTestId('saved');
    await receiver.press('Delete from this device');
    await receiver.waitFor('an empty list', async () => (await receiver.transfers()).length === 0);
    expect(receiver.problems).toEqual([]);
  } finally {
    await tab.close();
  }
});

/** From now on the service worker is there. */
async function controlled(app: AppDriver): Promise<void> {
  await app.waitFor('the service worker', () => app.page.evaluate(() => navigator.serviceWorker.controller !== null));
}

/** The zip holds the whole tree, with its times, and nothing else. */
async function expectTree(zip: string, tree: Tree): Promise<void> {
  const entries = await readZip(zip);
  const folders = entries.flatMap(({ name }) => (name.endsWith('/') ? [name.slice(0, -1)] : []));
  expect(folders).toEqual(tree.emptyFolders);
  const files = entries.filter(({ name }) => !name.endsWith('/'));
  expect(files).toHaveLength(tree.files.length);
  expect(
    Object.fromEntries(
      files.map(({ name, sizeBytes, sha256, modified }) => [name, [sizeBytes, modified.getTime(), sha256]]),
    ),
  ).toEqual(
    Object.fromEntries(
      tree.files.map(({ path, sizeBytes, lastModifiedEpochMs, sha256 }) => [
        path,
        [sizeBytes, lastModifiedEpochMs, sha256],
      ]),
    ),
  );
}
