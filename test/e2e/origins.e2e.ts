import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startStaticServer } from '../../scripts/shared/static-server.ts';
import { AppDriver } from '../support/app-driver.ts';
import { BROWSER_KINDS, launchBrowser, removeFolder } from '../support/browsers.ts';
import { appFolder } from '../support/build-pages.ts';
import { makeFile } from '../support/files.ts';
import { startRecordingProxy } from '../support/recording-proxy.ts';

/** Every request of every window and worker goes through a proxy that keeps the list. */
describe.each(BROWSER_KINDS)('%s', (kind) => {
  test('asks no other origin for anything in a whole session', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'heliograph-origins-'));
    const server = await startStaticServer({ root: appFolder });
    const proxy = await startRecordingProxy();
    const options = { proxyPort: proxy.port, camera: 'fake' } as const;
    const browsers = [await launchBrowser(kind, options), await launchBrowser(kind, options)] as const;
    try {
      const [one, two] = [
        await AppDriver.open(browsers[0], server.url),
        await AppDriver.open(browsers[1], server.url),
      ] as const;
      await Promise.all([one, two].map((app) => app.waitForText('also opens without internet')));
      const file = await makeFile(folder, 'file.bin', 2_000_000);
      await one.send([file.path]);
      await two.receive();
      // The scanner loads its WebAssembly when it starts.
      await two.press('Scan with camera');
      await two.waitForText('Point the camera at the code');
      const picture = join(folder, 'code.png');
      await writeFile(picture, await one.picture('qr'));
      await two.chooseFiles('picture-input', [picture]);
      await two.waitForAttribute('status', 'data-state', 'read');
      await one.readCode(await two.link());
      await Promise.all([one.waitUntilConnected(), two.waitUntilConnected()]);
      await two.accept();
      await Promise.all([one, two].map((app) => app.waitForTransfer('verified')));
      await two.save(file.name);
      expect(proxy.requests.some((url) => url.endsWith('.wasm'))).toBe(true);
      expect(proxy.foreign(server.origin)).toEqual([]);
    } finally {
      await Promise.all(browsers.map((browser) => browser.close()));
      await Promise.all([server.stop(), proxy.stop()]);
      await removeFolder(folder);
    }
  });
});
