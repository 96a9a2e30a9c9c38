import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, describe } from 'vitest';
import { startStaticServer } from '../../scripts/shared/static-server.ts';
import { AppDriver, pairByPaste } from '../support/app-driver.ts';
import { BROWSER_KINDS, launchBrowser, removeFolder } from '../support/browsers.ts';
import { appFolder } from '../support/build-pages.ts';
import { makeFile } from '../support/files.ts';

/** Once visited, the app needs nothing but the two devices: the server is gone, not merely slow. */
describe.each(BROWSER_KINDS)('%s', (kind) => {
  test('opens, pairs and transfers with the server gone, in a folder of its own', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'heliograph-offline-'));
    const server = await startStaticServer({ root: appFolder, basePath: '/some/folder/' });
    const browsers = [await launchBrowser(kind), await launchBrowser(kind)] as const;
    try {
      const [one, two] = [
        await AppDriver.open(browsers[0], server.url),
        await AppDriver.open(browsers[1], server.url),
      ] as const;
      await Promise.all([one, two].map((app) => app.waitForText('also opens without internet')));
      await server.stop();
      await Promise.all([one, two].map((app) => app.page.reload()));
      const file = await makeFile(folder, 'offline.bin', 3_000_000);
      await one.send([file.path]);
      await two.receive();
      await pairByPaste(one, two);
      await two.accept();
      await Promise.all([one, two].map((app) => app.waitForTransfer('verified')));
      expect(await two.read('root')).toBe(await one.read('root'));
    } finally {
      await Promise.all(browsers.map((browser) => browser.close()));
      await server.stop();
      await removeFolder(folder);
    }
  });
});
