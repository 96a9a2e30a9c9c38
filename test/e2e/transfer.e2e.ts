import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AppDriver, pairByPaste } from '../support/app-driver.ts';
import { AppPair } from '../support/app-pair.ts';
import { PAIRS, removeFolder } from '../support/browsers.ts';
import { makeEdgeFiles, makeFile, sha256OfFile, type TestFile, waitForDownload } from '../support/files.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heliograph-files-'));
});

afterAll(async () => {
  await removeFolder(folder);
});

/** Both sides show the same root. */
async function sameRoot(one: AppDriver, two: AppDriver): Promise<void> {
  expect(await one.read('root')).toMatch(/^[0-9a-f]{64}$/);
  expect(await two.read('root')).toBe(await one.read('root'));
}

async function verified(...apps: readonly AppDriver[]): Promise<void> {
  await Promise.all(apps.map((app) => app.waitForTransfer('verified')));
}

describe.each(PAIRS)('%s to %s', (...pair) => {
  let apps: AppPair;

  beforeAll(async () => {
    apps = await AppPair.launch(pair);
  });

  afterAll(async () => {
    await apps.close();
  });

  const saved = async (file: TestFile, browser: 0 | 1): Promise<string> =>
    sha256OfFile(await waitForDownload(apps.browsers[browser].downloadDir, file.name, file.sizeBytes));

  test('files of every edge size and in several scripts arrive, and one goes back over the same connection', async () => {
    const files = await makeEdgeFiles(folder);
    const [sender, receiver] = await apps.open();
    await sender.send(files.map(({ path }) => path));
    await receiver.receive();
    await pairByPaste(sender, receiver);
    await receiver.accept();
    await verified(sender, receiver);
    await sameRoot(sender, receiver);
    for (const file of files) {
      await receiver.save(file.name);
      expect(await saved(file, 1), file.name).toBe(file.sha256);
    }
    const [back] = files.slice(-1);
    if (back === undefined) throw new Error('no files');
    await receiver.sendMore([back.path]);
    await sender.accept();
    await sender.waitFor('two verified transfers', async () => {
      const states = (await sender.transfers()).map(({ state }) => state);
      return states.length === 2 && states.every((state) => state === 'verified');
    });
    await sender.save(back.name);
    expect(await saved(back, 0)).toBe(back.sha256);
    expect([sender.problems, receiver.problems]).toEqual([[], []]);
  });

  test('200 MB arrive as they were', async () => {
    const file = await makeFile(folder, 'large.bin', 200_000_000);
    const [sender, receiver] = await apps.open();
    await sender.send([file.path]);
    await receiver.receive();
    await pairByPaste(receiver, sender);
    await receiver.accept();
    await verified(sender, receiver);
    await receiver.save(file.name);
    expect(await saved(file, 1)).toBe(file.sha256);
  });
});

describe('either side can say no', () => {
  let apps: AppPair;

  beforeAll(async () => {
    apps = await AppPair.launch(['chromium', 'firefox']);
  });

  afterAll(async () => {
    await apps.close();
  });

  const offered = async (sizeBytes: number): Promise<readonly [AppDriver, AppDriver]> => {
    const file = await makeFile(folder, `no-${sizeBytes}.bin`, sizeBytes);
    const [sender, receiver] = await apps.open();
    await sender.send([file.path]);
    await receiver.receive();
    await pairByPaste(sender, receiver);
    await receiver.waitForTransfer('offered');
    return [sender, receiver];
  };

  test('the receiver declines', async () => {
    const [sender, receiver] = await offered(1_000);
    await receiver.press('Decline');
    await Promise.all([sender.waitForTransfer('declined'), receiver.waitForTransfer('declined')]);
  });

  test.each(['sender', 'receiver'])('the %s cancels in the middle', async (who) => {
    const [sender, receiver] = await offered(150_000_000);
    await receiver.accept();
    await receiver.waitForTransfer('running');
    await (who === 'sender' ? sender : receiver).press('Cancel');
    await Promise.all([sender.waitForTransfer('cancelled'), receiver.waitForTransfer('cancelled')]);
  });
});
