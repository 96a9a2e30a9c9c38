import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AppDriver, pairByPaste } from '../support/app-driver.ts';
import { AppPair } from '../support/app-pair.ts';
import { removeFolder } from '../support/browsers.ts';
import { dropFolder, pickFolder, rememberedTransfers } from '../support/given-folders.ts';
import { makeFile } from '../support/files.ts';

const TREE = { 'b.txt': 'second', 'a/ä 文.txt': 'first', 'a/deeper/c.txt': '', 'empty/': '', 'a/also empty/': '' };
const TEXT = 'https://example.org/a?b=c#d\n\tGrüße, 文 👪\n';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heliograph-picking-'));
  for (const name of ['album/2.jpg', 'album/1.jpg', 'album/raw/1.dng']) await makeFile(folder, name, 100_000);
});

afterAll(async () => {
  await removeFolder(folder);
});

/** Names that the newest transfer lists, in its order. */
function listed(app: AppDriver): Promise<string[]> {
  return app.page.$$eval('[data-testid="transfer"]:first-of-type .files .name', (names) =>
    names.map((name) => name.textContent ?? ''),
  );
}

/** The receiver takes the newest transfer, and both sides show the same root. */
async function accepted(sender: AppDriver, receiver: AppDriver): Promise<void> {
  await receiver.accept();
  await Promise.all([sender.waitForTransfer('verified'), receiver.waitForTransfer('verified')]);
  const roots = await Promise.all(
    [sender, receiver].map(async (app) => await app.page.$$eval('[data-testid="root"]', (all) => all[0]?.textContent)),
  );
  expect(roots[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(roots[1]).toBe(roots[0]);
}

/** Sent by either one of the two: every test in both directions. */
let apps: AppPair;

beforeAll(async () => {
  apps = await AppPair.launch(['chromium', 'firefox']);
});

afterAll(async () => {
  await apps.close();
});

describe.each(['chromium', 'firefox'] as const)('from %s', (kind) => {
  const open = async (): Promise<readonly [sender: AppDriver, receiver: AppDriver]> => {
    const [chromium, firefox] = await apps.open();
    return kind === 'chromium' ? [chromium, firefox] : [firefox, chromium];
  };

  test('folders with what is empty in them arrive, and so does a text', async () => {
    const [sender, receiver] = await open();
    await dropFolder(sender.page, 'dropped', TREE);
    await sender.waitForText('dropped');
    await sender.waitForText('3 files, 11 bytes');
    await sender.press('Continue');
    await receiver.receive();
    await pairByPaste(sender, receiver);
    const { id } = await receiver.waitForTransfer('offered');
    expect(await rememberedTransfers(sender.page)).toEqual([id]);
    await accepted(sender, receiver);
    expect(await listed(receiver)).toEqual([
      'dropped/a/also empty/',
      'dropped/a/deeper/c.txt',
      'dropped/a/ä 文.txt',
      'dropped/b.txt',
      'dropped/empty/',
    ]);
    await sender.waitFor('nothing to be remembered', async () => (await rememberedTransfers(sender.page)).length === 0);

    await sender.writeText(TEXT);
    await sender.press('Send text');
    const text = await receiver.waitForTransfer('offered');
    await accepted(sender, receiver);
    for (const app of [sender, receiver]) expect((await app.attributes('transfer', 'data-kind'))[0]).toBe('text');
    expect(await storedText(receiver, text.id)).toBe(TEXT);
    expect(await sender.page.$eval('textarea', ({ value }) => value)).toBe('');
    expect([sender.problems, receiver.problems]).toEqual([[], []]);
  });

  test('a folder of the file input arrives with its paths, in order', async () => {
    const [sender, receiver] = await open();
    await pasteText(sender, 'offered, and not sent');
    await sender.waitForText('What do you want to send?');
    expect(await sender.read('text-input')).toBe('offered, and not sent');
    await sender.writeText('');
    if (kind === 'chromium') await sender.chooseFiles('folder-input', [join(folder, 'album')]);
    else await pickFolder(sender.page, 'folder-input', 'album', { '2.jpg': '2', 'raw/1.dng': '1', '1.jpg': '1' });
    await sender.waitForText(kind === 'chromium' ? '3 files, 300 kB' : '3 files, 3 bytes');
    await sender.press('Continue');
    await receiver.receive();
    await pairByPaste(sender, receiver);
    await accepted(sender, receiver);
    expect(await listed(receiver)).toEqual(['album/1.jpg', 'album/2.jpg', 'album/raw/1.dng']);
  });
});

/** Into the page, and no field of it. */
async function pasteText(app: AppDriver, text: string): Promise<void> {
  await app.page.evaluate((pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    // Firefox' own way (153): it leaves the standard's `clipboardData` out.
    const ofFirefox = { data: pasted, dataType: 'text/plain' };
    const options = { clipboardData, bubbles: true, cancelable: true, ...ofFirefox };
    document.body.dispatchEvent(new ClipboardEvent('paste', options));
  }, text);
}

/** What the receiver has on disk as the first file of a transfer. */
function storedText(app: AppDriver, transferId: string): Promise<string> {
  return app.page.evaluate(async (id) => {
    const root = await navigator.storage.getDirectory();
    const transfer = await (await root.getDirectoryHandle('transfers')).getDirectoryHandle(id);
    return (await (await transfer.getFileHandle('0')).getFile()).text();
  }, transferId);
}
