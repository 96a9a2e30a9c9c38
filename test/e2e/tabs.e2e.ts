import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AppDriver, pairByPaste } from '../support/app-driver.ts';
import { AppPair } from '../support/app-pair.ts';
import { removeFolder } from '../support/browsers.ts';
import { makeFile } from '../support/files.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heliograph-tabs-'));
});

afterAll(async () => {
  await removeFolder(folder);
});

test.each([['chromium', 'firefox'] as const])(
  '%s and %s: a second tab says that the first has the transfer, and takes over when that is closed',
  async (...kinds) => {
    const apps = await AppPair.launch(kinds);
    try {
      const [sender, receiver] = await apps.open();
      const file = await makeFile(folder, 'long.bin', 80_000_000);
      await sender.send([file.path]);
      await receiver.receive();
      await pairByPaste(sender, receiver);
      await receiver.accept();
      await receiver.press('Pause');
      await Promise.all([sender.waitForTransfer('paused'), receiver.waitForTransfer('paused')]);
      await sender.waitForText('Paused on the other device');

      const second = await AppDriver.open(apps.browsers[1], apps.server.url);
      await second.waitForTransfer('elsewhere');
      await second.waitForText('Open in another tab of this browser.');
      expect(await second.hasButton('Resume')).toBe(false);
      await receiver.page.close();
      // It takes the transfer over, and the connection too.
      await Promise.all([second.waitUntilConnected(), sender.waitUntilConnected()]);
      await Promise.all([sender.waitForTransfer('verified'), second.waitForTransfer('verified')]);
      expect(await second.read('root')).toBe(await sender.read('root'));
    } finally {
      await apps.close();
    }
  },
);
