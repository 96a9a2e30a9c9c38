import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AppDriver, pairByPaste } from '../support/app-driver.ts';
import { AppPair } from '../support/app-pair.ts';
import { removeFolder } from '../support/browsers.ts';
import { makeFile } from '../support/files.ts';

const shown = async (app: AppDriver): Promise<readonly [signs: string, digits: string]> => {
  const digits = await app.read('digits');
  return [await app.read('signs'), digits];
};

/** Who is at the other end? The protocol itself is tested in `test/core/pairing/verification.test.ts`. */
describe('pairing by links that went through somebody’s hands', () => {
  let folder: string;
  let apps: AppPair;
  let middle: AppPair;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heliograph-trust-'));
    apps = await AppPair.launch(['chromium', 'firefox']);
    middle = await AppPair.launch(['chromium', 'firefox']);
  });

  afterAll(async () => {
    await Promise.all([apps.close(), middle.close()]);
    await removeFolder(folder);
  });

  const pasted = async (path?: string): Promise<readonly [AppDriver, AppDriver]> => {
    const [one, two] = await apps.open();
    await (path === undefined ? one.receive() : one.send([path]));
    await two.receive();
    await pairByPaste(one, two);
    return [one, two];
  };

  test('both show the same signs and digits, until both people say that they match', async () => {
    const [one, two] = await pasted();
    const [signs, digits] = await shown(one);
    expect(await shown(two)).toEqual([signs, digits]);
    expect(digits).toMatch(/^\d{4} \d{4}$/);
    for (const app of [one, two]) {
      await app.press('They match');
      await app.waitForAttribute('trust', 'data-state', 'matched');
    }
    expect([one.problems, two.problems]).toEqual([[], []]);
  });

  test('somebody in between, with a certificate for each side, cannot make them the same', async () => {
    const [victimA, victimB] = await apps.open();
    // The man in the middle has both links in hand, and answers each with a code of his own.
    const [toA, toB] = await middle.open();
    await Promise.all([victimA, victimB, toA, toB].map((app) => app.receive()));
    await pairByPaste(victimA, toA);
    await pairByPaste(victimB, toB);
    expect(await shown(victimA)).toEqual(await shown(toA));
    expect(await shown(victimB)).toEqual(await shown(toB));
    expect(await shown(victimA)).not.toEqual(await shown(victimB));
  });

  test('they differ: both are told, the connection ends, and what it brought is gone', async () => {
    const file = await makeFile(folder, 'from-a-stranger.bin', 100_000);
    const [one, two] = await pasted(file.path);
    await two.accept();
    await Promise.all([one.waitForTransfer('verified'), two.waitForTransfer('verified')]);
    await two.press('They differ');
    await two.waitForText('The two devices show different signs');
    await one.waitForText('The two devices show different signs');
    await two.waitFor('no transfer', async () => (await two.transfers()).length === 0);
    const kept = async (): Promise<readonly string[]> =>
      two.page.evaluate(async () => {
        const root = await navigator.storage.getDirectory();
        const transfers = await root.getDirectoryHandle('transfers', { create: true });
        const names: string[] = [];
        for await (const name of transfers.keys()) names.push(name);
        return names;
      });
    await two.waitFor('no file on disk', async () => (await kept()).length === 0);
    // The pages are of use again.
    await two.receive();
    await two.read('my-link');
  });
});
