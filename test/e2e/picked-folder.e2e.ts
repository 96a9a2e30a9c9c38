import { afterAll, beforeAll, expect, test } from 'vitest';
import { AppDriver, pairByPaste } from '../support/app-driver.ts';
import { AppPair } from '../support/app-pair.ts';
import { dropTree, makeTree, type Tree } from '../support/dropped-tree.ts';
import { tapEngine, travelledBytes } from '../support/engine-tap.ts';

const MIB = 1024 * 1024;
const TIME = 1_600_000_000_000;

const FIRST = makeTree(
  [
    ['Trip/film.mp4', 9 * MIB + 5, TIME],
    ['Trip/beach/日本語.jpg', 2 * MIB, TIME],
    ['Trip/notes.txt', 70_001, TIME],
    ['Trip/empty.txt', 0, TIME],
  ],
  ['Trip/ideas'],
);
/** The same, with one file longer. */
const AGAIN = makeTree(
  FIRST.files.map(({ path, sizeBytes }) => [path, path.endsWith('notes.txt') ? 80_000 : sizeBytes, TIME] as const),
  FIRST.emptyFolders,
);

/** Stands for the folder picker, which no driver can use. */
const PICKER = `window.showDirectoryPicker = async () => {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle('My pictures', { create: true });
}`;

/** Path and SHA-256 of every file in the picked folder; of a folder, ''. */
const LIST = `(async () => {
  const found = {};
  const walk = async (folder, path) => {
    for await (const [name, handle] of folder.entries()) {
      if (handle.kind === 'directory') {
        found[path + name + '/'] = '';
        await walk(handle, path + name + '/');
      } else {
        const digest = await crypto.subtle.digest('SHA-256', await (await handle.getFile()).arrayBuffer());
        found[path + name] = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
      }
    }
  };
  await walk(await (await navigator.storage.getDirectory()).getDirectoryHandle('My pictures'), '');
  return found;
})()`;

function expected({ files }: Tree): Record<string, string> {
  return {
    'Trip/': '',
    'Trip/beach/': '',
    'Trip/ideas/': '',
    ...Object.fromEntries(files.map(({ path, sha256 }) => [path, sha256])),
  };
}

let apps: AppPair;

beforeAll(async () => {
  apps = await AppPair.launch(['firefox', 'chromium']);
});

afterAll(async () => {
  await apps.close();
});

async function send(sender: AppDriver, receiver: AppDriver, tree: Tree): Promise<void> {
  const before = (await receiver.transfers()).length;
  await dropTree(sender.page, tree);
  if (before === 0) {
    await sender.press('Continue');
    await receiver.receive();
    await pairByPaste(sender, receiver);
  }
  await receiver.press('Save to a folder…', 30_000);
  await receiver.waitFor('one more verified transfer', async () => {
    const states = (await receiver.transfers()).map(({ state }) => state);
    return states.length > before && states.every((state) => state === 'verified');
  });
}

test('files go straight into a picked folder; sent again, what is there stays, and what differs gets a free name', async () => {
  const sender = await AppDriver.open(apps.browsers[0], apps.server.url);
  const receiver = await AppDriver.open(apps.browsers[1], apps.server.url, async (page) => {
    await tapEngine(page);
    await page.evaluateOnNewDocument(PICKER);
  });
  await send(sender, receiver, FIRST);
  expect(await receiver.read('saved-in')).toBe('Saved in “My pictures”.');
  expect(await receiver.page.evaluate(LIST)).toEqual(expected(FIRST));
  expect(await receiver.visibleText()).not.toContain('Save as zip');

  const travelled = await travelledBytes(receiver.page, 'bytesReceived');
  await send(sender, receiver, AGAIN);
  await receiver.waitForText('3 files were there already.');
  // The changed file, and frames.
  expect((await travelledBytes(receiver.page, 'bytesReceived')) - travelled).toBeLessThan(80_000 + 20_000);
  const changed = AGAIN.files.find(({ sizeBytes }) => sizeBytes === 80_000);
  expect(await receiver.page.evaluate(LIST)).toEqual({
    ...expected(FIRST),
    'Trip/notes (2).txt': changed?.sha256,
  });

  // What is in the folder is the person's: forgetting the transfers leaves it there.
  await receiver.press('Heliograph');
  await receiver.press('Clear all');
  await receiver.press('Yes, delete');
  await receiver.waitFor('an empty list', async () => (await receiver.transfers()).length === 0);
  expect(Object.keys((await receiver.page.evaluate(LIST)) as object).length).toBe(8);
  expect([sender.problems, receiver.problems]).toEqual([[], []]);
});
